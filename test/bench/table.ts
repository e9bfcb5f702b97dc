/** Plain text in columns: the first to the left, the others, being numbers, to the right. */
export function table(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [title, line(columns), rule, ...rows.map(line), ''].join('\n');
}

/** At most two decimals, and none where there is nothing behind the point. */
export function short(value: number): string {
  return Number(value.toFixed(2)).toLocaleString('en-US');
}
