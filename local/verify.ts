import { readFileSync } from 'node:fs';
import { DataFolderDamaged, DataFolderUnknown } from '../platform/event-store/data-folder.ts';
import { runCommand } from './command-line.ts';
import { DataFolderBusy, NoDataFolder } from './data-folder-copy.ts';
import { withStore } from './opened-store.ts';
import { UnusableOptions } from './options.ts';
import { reconciliationText } from './reconcile-text.ts';
import { unreadableFile } from './unreadable-file.ts';
import { checkArchive } from './verify/archive/check.ts';
import type { RootName } from './verify/archive/roots.ts';
import { archiveText } from './verify/archive/text.ts';
import { verify } from './verify/check.ts';
import { compareWithLog } from './verify/data-folder.ts';
import type { EvidenceFile } from './verify/evidence-file.ts';
import type { Finding } from './verify/finding.ts';
import { lifeText } from './verify/life.ts';
import { readVerifyOptions, verifyUsage } from './verify/options.ts';
import { checkWhole } from './verify/whole-folder.ts';

const exitAltered = 1;

async function main(words: readonly string[]): Promise<number> {
  const options = readVerifyOptions(words);
  if (!options) {
    console.log(verifyUsage);
    return 0;
  }
  const { file, folder } = options;
  const inFile = file === undefined ? undefined : verifyFile(file);
  if (options.archive !== undefined) {
    const inArchive = await verifyArchive(options.archive, options.root, inFile?.evidence);
    return inArchive + (inFile?.findings.length ?? 0) > 0 ? exitAltered : 0;
  }
  if (folder === undefined) return inFile?.findings.length ? exitAltered : 0;
  const findings = inFile
    ? [...inFile.findings, ...(await verifyAgainst(folder, inFile.evidence))]
    : await verifyFolder(folder);
  return findings.length > 0 ? exitAltered : 0;
}

function verifyFile(path: string): {
  readonly findings: readonly Finding[];
  readonly evidence?: EvidenceFile;
} {
  const { findings, checked } = verify(textOf(path));
  if (checked) {
    const { streams, manifest } = checked.file;
    console.log(`${lifeText(checked)}\n`);
    console.log(`checked ${manifest.commits} commits in ${streams.length} streams`);
  }
  tell(findings);
  console.log(
    findings.length > 0
      ? `${path}: ${findings.length} findings. This is not what was exported.`
      : `${path}: whole and consistent in itself. Whether it is this cell's, --data shows.`,
  );
  return { findings, ...(checked && { evidence: checked.file }) };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = unreadableFile(path, error);
    throw why === undefined ? error : new UnusableOptions(why, { cause: error });
  }
}

/** A file that could not be read as one has nothing to compare. */
async function verifyAgainst(
  folder: string,
  evidence: EvidenceFile | undefined,
): Promise<readonly Finding[]> {
  if (!evidence) return [];
  const findings = await withStore({ kind: 'sqlite', folder }, (store) => compareWithLog(store, evidence));
  tell(findings);
  if (findings.length === 0) console.log(`${folder}: its log has every commit of the file, as it is there.`);
  return findings;
}

async function verifyFolder(folder: string): Promise<readonly Finding[]> {
  return withStore({ kind: 'sqlite', folder }, async (store) => {
    const { streams, commits, findings, reconciled } = await checkWhole(store);
    tell(findings);
    console.log(`${folder}: ${commits} commits in ${streams} streams, ${findings.length} findings\n`);
    if (!reconciled) return findings;
    console.log(reconciliationText(reconciled));
    return [...findings, ...reconciled.findings];
  });
}

/** How many findings there are. */
async function verifyArchive(
  folder: string,
  root: RootName | undefined,
  evidence: EvidenceFile | undefined,
): Promise<number> {
  const question = { folder, ...(root && { root }), ...(evidence && { evidence }) };
  const check = await checkArchive(question);
  console.log(archiveText(check));
  tell(check.findings);
  const { findingsInAll } = check;
  const more = findingsInAll - check.findings.length;
  if (more > 0) console.log(`and ${more} more`);
  console.log(
    findingsInAll > 0
      ? `${folder}: ${findingsInAll} findings`
      : `${folder}: whole and consistent in itself${evidence ? ', and has every commit of the file as it is there' : ''}.`,
  );
  return findingsInAll;
}

function tell(findings: readonly Finding[]): void {
  for (const { where, what } of findings) console.log(`WRONG  ${where}: ${what}`);
}

await runCommand(main, [NoDataFolder, DataFolderBusy, DataFolderUnknown, DataFolderDamaged]);
