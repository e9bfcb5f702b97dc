import {
  caught,
  type Catch,
  falseAlarms,
  faults,
  heldBack,
  nearMisses,
  secondLook,
  seenBy,
} from './catch.ts';

const sets = {
  planted: caught(faults()),
  'held back': caught(heldBack()),
  'second look': caught(secondLook()),
};

function countsOf({ planted, missed }: Catch, shape?: string): string {
  const of = (snippets: Catch['planted']) =>
    snippets.filter((one) => shape === undefined || one.shape === shape).length;
  return `${of(planted) - of(missed)}/${of(planted)}`;
}

const row = (first: string, counts: readonly string[]) =>
  console.log(first.padEnd(30) + counts.map((count) => count.padStart(12)).join(''));

row('fault', Object.keys(sets));
for (const shape of Object.keys(seenBy))
  row(
    shape,
    Object.values(sets).map((set) => countsOf(set, shape)),
  );
row(
  'all',
  Object.values(sets).map((set) => countsOf(set)),
);
row(
  'only by our own rules',
  Object.values(sets).map(({ onlyByUs }) => String(onlyByUs)),
);
for (const { missed } of Object.values(sets))
  for (const { shape, path, code } of missed) console.log(`\nmissed: ${shape} in ${path}\n${code}`);
const alarms = falseAlarms();
console.log(`\n${alarms.length} false alarms on ${nearMisses().length} correct snippets`);
for (const { snippet, rule, message } of alarms) console.log(`${snippet.path}: ${rule}: ${message}`);
