/** A small fault in our own code: a text that stands in the file exactly once, and what stands there instead. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  readonly name: string;
  /** More than one where an assertion would notice before the auditor can: it is the auditor that is being tested. */
  readonly edits: readonly [Edit, ...Edit[]];
}

const errand = 'platform/command-handler/errand.ts';
const fold = 'platform/command-handler/fold.ts';
const proposal = 'platform/command-handler/proposal.ts';
const memory = 'platform/event-store/memory.ts';
const effects = 'domain/order/effects.ts';
const evolve = 'domain/order/evolve.ts';
const guards = 'domain/order/guards.ts';
const hold = 'domain/order/hold.ts';
const settle = 'domain/order/settle.ts';

export const mutants: readonly Mutant[] = [
  {
    name: 'own write not recognised',
    edits: [{ file: memory, find: "if (existing?.id === id) return { outcome: 'repeated' };", replace: '' }],
  },
  {
    name: 'own late write not recognised',
    edits: [{ file: errand, find: 'this.#unanswered.includes(commit.commitId)', replace: 'false' }],
  },
  {
    name: 'catch-up skipped',
    edits: [
      {
        file: errand,
        find: 'this.#isBehind = !connects || this.#conflicts >= 2;',
        replace: 'this.#isBehind = false;',
      },
      {
        file: errand,
        find: 'return connects ? this.#absorb(missed) : undefined;',
        replace: 'return undefined;',
      },
    ],
  },
  {
    name: 'rest never read',
    edits: [
      {
        file: errand,
        find: 'this.#isBehind = !connects || this.#conflicts >= 2;',
        replace: 'this.#isBehind = !connects;',
      },
    ],
  },
  {
    name: 'history of an undo not read',
    edits: [
      {
        file: 'domain/order/commands.ts',
        find: "command.do === 'apply-report' && (command.report",
        replace: "command.do === 'apply-report' && command.position.index > 99 && (command.report",
      },
    ],
  },
  {
    name: 'hold not swept at close',
    edits: [
      {
        file: settle,
        find: 'const required = requiredHold(next);',
        replace: "const required = next.phase.name === 'closed' ? before.hold : requiredHold(next);",
      },
      {
        file: evolve,
        find: 'isOpen(next) || (hold.cash === 0 && hold.shares === 0 && hold.exposure === 0),',
        replace: 'hold.cash >= 0,',
      },
    ],
  },
  {
    name: 'second try under a new commit id',
    edits: [
      {
        file: errand,
        find: 'return store.append(commits, changes, deadline);',
        replace:
          'const [first, ...rest] = commits;\n    return store.append([{ ...first, commitId: random.id() }, ...rest], changes, deadline);',
      },
    ],
  },
  {
    name: 'idempotency key forgotten',
    edits: [
      { file: errand, find: 'if (version !== undefined) return this.#outcomeOf(version);', replace: '' },
    ],
  },
  {
    name: 'key taken for any request',
    edits: [
      {
        file: errand,
        find: 'if (commit.requestHash !== this.#context.key?.requestHash)',
        replace: 'if (commit.version < 0)',
      },
    ],
  },
  {
    name: 'nothing to do, says a stale cache',
    edits: [{ file: errand, find: 'if (this.#confirmed) return', replace: 'if (version >= 0) return' }],
  },
  {
    name: 'snapshot of another fold trusted',
    edits: [
      {
        file: 'platform/event-store/snapshot-policy.ts',
        find: 'commit.snapshot?.fingerprint === fingerprint',
        replace: '(commit.snapshot?.fingerprint !== undefined && fingerprint !== undefined)',
      },
      {
        file: fold,
        find: 'if (commit.snapshot?.fingerprint !== this.fingerprint) {',
        replace: 'if (!commit.snapshot) {',
      },
    ],
  },
  {
    name: 'time goes back in a stream',
    edits: [
      {
        file: proposal,
        find: 'last ? timestamp(Math.max(receivedAt, last.at)) : receivedAt',
        replace: 'receivedAt',
      },
    ],
  },
  {
    name: 'hash chain not continued',
    edits: [
      {
        file: proposal,
        find: 'if (last) draft.previousHash = hashOf(last);',
        replace: 'if (last && version % 5 > 0) draft.previousHash = hashOf(last);',
      },
    ],
  },
  {
    name: 'fee not posted',
    edits: [{ file: settle, find: 'fees: feesOf(next) - feesOf(before),', replace: 'fees: 0,' }],
  },
  {
    name: 'fee of each fill rounded by itself',
    edits: [
      {
        file: settle,
        find: 'fees: feesOf(next) - feesOf(before),',
        replace:
          'fees: feesOf(next) - feesOf(before) + Number(before.totals.cumulativeQuantity > 0 && lots > 0 && feesOf(next) > 5),',
      },
    ],
  },
  {
    name: 'report applied again',
    edits: [
      { file: 'domain/order/reports.ts', find: ' || hasApplied(state, command.position)', replace: '' },
      {
        file: evolve,
        find: "assert(!hasApplied(order, position), 'a report is applied once');",
        replace: 'hasApplied(order, position);',
      },
    ],
  },
  {
    name: 'exposure not released',
    edits: [
      {
        file: settle,
        find: 'const exposure = required.exposure - before.hold.exposure + direction * lots;',
        replace: 'const exposure = Math.max(0, required.exposure - before.hold.exposure) + direction * lots;',
      },
      {
        file: evolve,
        find: 'isOpen(next) || (hold.cash === 0 && hold.shares === 0 && hold.exposure === 0),',
        replace: 'hold.cash >= 0,',
      },
    ],
  },
  {
    name: 'a bust does not open again',
    edits: [
      {
        file: evolve,
        find: 'closeIfFilled(reopenIfUnfilled({ ...order, totals: redo ? plus(undone, redo) : undone }), at)',
        replace: 'closeIfFilled({ ...order, totals: redo ? plus(undone, redo) : undone }, at)',
      },
    ],
  },
  {
    name: 'available not a condition',
    edits: [{ file: guards, find: 'if (demand.cash > 0) {', replace: 'if (demand.cash < 0) {' }],
  },
  {
    name: 'shares not a condition',
    edits: [{ file: guards, find: 'if (demand.shares > 0) {', replace: 'if (demand.shares < 0) {' }],
  },
  {
    name: 'open orders not counted down',
    edits: [
      {
        file: effects,
        find: 'Number(isOpen(state)) - Number(wasOpen)',
        replace: 'Math.max(0, Number(isOpen(state)) - Number(wasOpen))',
      },
    ],
  },
  {
    name: 'open orders without limit',
    edits: [
      {
        file: guards,
        find: "if (demand.newOpenOrders > 0 && typeof account.openOrdersMax === 'number') {",
        replace: "if (demand.newOpenOrders < 0 && typeof account.openOrdersMax === 'number') {",
      },
    ],
  },
  {
    name: 'yesterday counted as today',
    edits: [
      {
        file: guards,
        find: 'return text(observed.account, cashAttributes(demand.contract.currency).day) < demand.day;',
        replace: "return text(observed.account, cashAttributes(demand.contract.currency).day) === '';",
      },
    ],
  },
  {
    name: 'pending replace not covered',
    edits: [
      {
        file: hold,
        find: 'if (!replace) return [asItIs];',
        replace: 'if (!replace || asItIs.more > 0) return [asItIs];',
      },
    ],
  },
  {
    name: 'fills before a replace not covered',
    edits: [
      {
        file: hold,
        find: 'return [replacedNow, filledThenReplaced];',
        replace: 'return filledThenReplaced.more < 0 ? [] : [replacedNow];',
      },
    ],
  },
  {
    name: 'who is short may buy',
    edits: [
      {
        file: effects,
        find: '...(short && { reduceOnly: 1 }),',
        replace: '...(short && total.overfilled && { reduceOnly: 1 }),',
      },
    ],
  },
  {
    name: 'overfill goes unseen',
    edits: [
      {
        file: effects,
        find: '|| total.overfilled;',
        replace: '|| (total.overfilled && total.exposure > 1e9);',
      },
    ],
  },
  {
    name: 'outside id of a replace not kept',
    edits: [
      {
        file: effects,
        find: "beginnings: before.kind === 'order' ?",
        replace: "beginnings: before.kind === 'order' && total === undefined ?",
      },
    ],
  },
  {
    name: 'halt not asked',
    edits: [
      {
        file: guards,
        find: "condition: { attribute: 'status', is: '=', value: 'active' },",
        replace: "condition: { attribute: 'status', is: 'in', value: ['active', 'halted'] },",
      },
    ],
  },
  {
    name: 'transfer out not reserved',
    edits: [
      {
        file: 'domain/transfer/decide.ts',
        find: "const posting = direction === 'out' ? { posting: reserved(asset) } : {};",
        replace: 'const posting = {};',
      },
    ],
  },
  {
    name: 'transfer out not covered',
    edits: [
      {
        file: 'domain/transfer/guards.ts',
        find: 'const needed = amountOf(asset) - shortfallSeen(asset, observed);',
        replace: 'const needed = -shortfallSeen(asset, observed);',
      },
    ],
  },
];
