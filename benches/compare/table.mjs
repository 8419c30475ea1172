// Tables for people, as plain text.

/** Rows of cells, the first row being the heads; the first column is text, the others are right-aligned. */
export function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows) {
    console.log(row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  '))
  }
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** How many times `small` goes into `large`. */
export function ratio(large, small) {
  return `${digits(large / small)} x`
}

/** To three digits. */
export function digits(number) {
  return number.toLocaleString('en', { maximumSignificantDigits: 3 })
}
