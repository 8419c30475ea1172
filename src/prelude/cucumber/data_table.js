// A step's table, as cucumber-js hands it to a step function.

/** By assignment, as cucumber-js makes its objects: no row gives one a property `__proto__`. */
function toObject(entries) {
  const object = {};
  for (const [key, value] of entries) object[key] = value;
  return object;
}

class DataTable {
  /** @param {string[][] | { rows: { cells: { value: string }[] }[] }} table rows of cells, or the table of a pickle */
  constructor(table) {
    this.rawTable = Array.isArray(table) ? table : table.rows.map(({ cells }) => cells.map(({ value }) => value));
  }

  /** An object per row, its keys taken from the first row. */
  hashes() {
    const [keys, ...rows] = this.rawTable;
    return rows.map((cells) => toObject(keys.map((key, index) => [key, cells[index]])));
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
    return toObject(this.rawTable);
  }

  /** A table whose rows are this one's columns. */
  transpose() {
    return new DataTable(this.rawTable[0].map((_, column) => this.rawTable.map((row) => row[column])));
  }
}

module.exports = { DataTable };
