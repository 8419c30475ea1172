// A step's table, as cucumber-js hands it to a step function.

class DataTable {
  /** @param {string[][]} rows of cells */
  constructor(rows) {
    this.rawTable = rows;
  }

  /** An object per row, its keys taken from the first row. */
  hashes() {
    const [keys, ...rows] = this.rawTable;
    return rows.map((cells) => Object.fromEntries(keys.map((key, index) => [key, cells[index]])));
  }

  /** All rows. */
  raw() {
    return this.rawTable.slice();
  }

  /** All rows but the first. */
  rows() {
    return this.rawTable.slice(1);
  }

  /** One object of a table of two columns: the first holds the keys. */
  rowsHash() {
    if (this.rawTable.some((row) => row.length !== 2)) {
      throw new Error(
        'rowsHash can only be called on a data table where all rows have exactly two columns',
      );
    }
    return Object.fromEntries(this.rawTable);
  }

  /** A table whose rows are this one's columns. */
  transpose() {
    return new DataTable(this.rawTable[0].map((_, column) => this.rawTable.map((row) => row[column])));
  }
}

module.exports = { DataTable };
