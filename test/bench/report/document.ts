import type { Section } from './sections.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Name and version. */
  readonly versions: readonly (readonly [name: string, version: string])[];
  readonly commit: string;
  /** `2026-11-26` */
  readonly date: string;
}

/** What became of one section. */
export interface Outcome {
  readonly section: Section;
  readonly words: readonly string[];
  readonly output: string;
  /** Why it has no result, or not the whole of it; undefined: it ended well. */
  readonly failure?: string;
  readonly seconds: number;
}

/** The whole of docs/benchmarks.md. */
export function documentOf(machine: Machine, outcomes: readonly Outcome[]): string {
  return [...head(machine), ...outcomes.flatMap(sectionOf)].join('\n');
}

function head({ processor, cores, memoryGb, system, versions, commit, date }: Machine): readonly string[] {
  return [
    '# Benchmarks',
    '',
    'Made by `npm run bench`; do not edit. What was tried to make it faster, what that gave, and what bounds it now is in [speed.md](speed.md).',
    '',
    'Costs (requests, capacity units, allocations) are the same on every machine and are checked; times belong to the machine they were taken on, are compared within one run, and never',
    'fail anything.',
    '',
    `On ${date}, of commit \`${commit}\`: ${processor}, ${cores} cores, ${memoryGb} GB of memory, ${system}.`,
    '',
    '| | version |',
    '|---|---|',
    ...versions.map(([name, version]) => `| ${name} | ${version} |`),
    '',
  ];
}

function sectionOf({ section, words, output, failure, seconds }: Outcome): readonly string[] {
  const command = ['npm run', section.script, ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
  return [
    `## ${section.title}`,
    '',
    section.about,
    '',
    `\`${command}\`, ${Math.round(seconds)} s:`,
    '',
    ...(failure === undefined ? [] : [`**It failed: ${failure}.** What it printed until then:`, '']),
    '```',
    ...output
      .trim()
      .split('\n')
      .map((line) => line.trimEnd()),
    '```',
    '',
  ];
}
