/** Work that stops now and then, so that whoever does it can let others have their turn. */
export type Slices<Result> = Generator<undefined, Result, undefined>;

/** Rows after which it stops: some ten milliseconds. */
const rowsInSlice = 4_000;

/** The rows, with a stop after every slice of them. */
export function* eachInSlices<Row>(rows: Iterable<Row>, work: (row: Row) => void): Slices<void> {
  let done = 0;
  for (const row of rows) {
    work(row);
    done += 1;
    if (done % rowsInSlice === 0) yield undefined;
  }
}

/** All of it in one go. */
export function finished<Result>(slices: Slices<Result>): Result {
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}
