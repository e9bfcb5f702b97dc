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
const settlement = 'platform/venue/settlement.ts';
const keeper = 'platform/venue/book-keeper.ts';
const orderInputs = 'platform/venue/order-inputs.ts';
const placement = 'functions/api/shared/placement.ts';
const relay = 'platform/event-bus/relay.ts';
const consumerErrand = 'platform/consumer/errand.ts';

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
        find: "if (command.do === 'apply-report') return undoes(command.report);",
        replace:
          "if (command.do === 'apply-report') return command.position.index > 99 && undoes(command.report);",
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
    edits: [
      {
        file: guards,
        find: 'if (demand.cash > 0) guards.push(fundsFor(demand));',
        replace: '',
      },
    ],
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
        find: "before.kind === 'order' ? events.flatMap((event) => aliasOf(event, before)) : begun(command, events),",
        replace: "before.kind === 'order' ? [] : begun(command, events),",
      },
    ],
  },
  {
    name: 'reasons read in the wrong order',
    edits: [
      {
        file: memory,
        find: 'this.#conflictOf(stored) ?? this.#refusalOf(changes)',
        replace: 'this.#refusalOf(changes) ?? this.#conflictOf(stored)',
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
  {
    name: 'book takes an order twice',
    edits: [
      {
        file: 'domain/venue/venue-book.ts',
        find: "const order = this.#register.get(instruction.orderId);\n    if (!order) return false;\n    switch (instruction.instruct) {\n      case 'new':\n        return true;",
        replace:
          "const order = this.#register.get(instruction.orderId);\n    if (!order) return false;\n    switch (instruction.instruct) {\n      case 'new':\n        return false;",
      },
      {
        file: orderInputs,
        find: 'if (isWorking && !isOpen(order)) return',
        replace:
          'if (isNew && !isWorking) return [...wanted, ...wanted].map((one) => inputOf(one, selfTradeRule));\n  if (isWorking && !isOpen(order)) return',
      },
    ],
  },
  {
    name: 'settlement skips one side',
    edits: [
      {
        file: 'domain/venue/book-output.ts',
        find: "    { orderId: sellOrderId, report: reportOf('sell') },\n",
        replace: '',
      },
    ],
  },
  {
    name: 'bust of one side only',
    edits: [
      {
        file: settlement,
        find: 'const reports = told.get(orderId) ?? [];',
        replace:
          "if (report.report === 'bust' && report.executionId.endsWith('S')) continue;\n        const reports = told.get(orderId) ?? [];",
      },
    ],
  },
  {
    name: 'outputs applied out of order',
    edits: [
      {
        file: settlement,
        find: 'return told;',
        replace: 'for (const reports of told.values()) reports.reverse();\n  return told;',
      },
    ],
  },
  {
    name: 'unsettled outputs dropped at load',
    edits: [
      {
        file: 'platform/venue/book-log.ts',
        find: '  at.unsettled.push({ commit, outputs: data.outputs });\n}',
        replace: '}',
      },
    ],
  },
  {
    name: 'leader goes on from what may not be written',
    edits: [{ file: keeper, find: 'if (this.#isUncertain) this.#known = undefined;', replace: '' }],
  },
  {
    name: 'orders not told what their book could not bring',
    edits: [
      {
        file: keeper,
        find: 'await this.#options.settlement.settle(this.#symbol, [batch], call.deadline);\n      at.unsettled.shift();',
        replace:
          'at.unsettled.shift();\n      await this.#options.settlement.settle(this.#symbol, [batch], call.deadline);',
      },
    ],
  },
  {
    name: 'outputs beyond a commit forgotten',
    edits: [
      {
        file: keeper,
        find: 'const outputs = firstOutputs(at.owed, this.#limits.outputsMax);',
        replace:
          'const outputs = firstOutputs(at.owed.slice(0, 1), this.#limits.outputsMax);\n      at.owed.length = 1;',
      },
    ],
  },
  {
    name: 'trades through the limit',
    edits: [
      {
        file: 'domain/venue/matching.ts',
        find: 'price <= order.limitPrice : price >= order.limitPrice',
        replace: 'price <= order.limitPrice + 3 : price >= order.limitPrice - 3',
      },
    ],
  },
  {
    name: 'pooled order keeps its trail',
    edits: [{ file: 'domain/venue/order-book.ts', find: '  order.bestPrice = 0;\n', replace: '' }],
  },
  {
    name: 'gap not filled by a consumer',
    edits: [
      {
        file: consumerErrand,
        find: 'if (found.length === version - applied) return found;',
        replace: 'if (found.length === version - applied || commits.length > 0) return commits;',
      },
    ],
  },
  {
    name: 'last event never swept',
    edits: [
      {
        file: 'platform/consumer/sweep.ts',
        find: '(applied.get(stream) ?? 0) < version)',
        replace: '(applied.get(stream) ?? 0) < version - 1)',
      },
    ],
  },
  {
    name: 'kill switch does not reach open orders',
    edits: [
      {
        file: 'platform/kill-switch/enforcement.ts',
        find: 'if (toDo.length === 0) return together([]);',
        replace: 'return together([]);',
      },
    ],
  },
  {
    name: 'partial bus failure taken for success',
    edits: [
      {
        file: relay,
        find: "if (answer?.outcome === 'published') this.#remember(commit);",
        replace: 'if (answer) this.#remember(commit);',
      },
    ],
  },
  {
    name: 'relay parks and keeps nothing',
    edits: [
      {
        file: relay,
        find: "(await this.#parking.park(this.name, parked, deadline)) === 'parked'",
        replace: 'this.#parking && deadline',
      },
    ],
  },
  {
    name: 'unparked before it was published',
    edits: [{ file: relay, find: 'if (!(await this.#isPublished(entry, deadline))) continue;', replace: '' }],
  },
  {
    name: 'cursor saved before the work',
    edits: [
      {
        file: 'platform/consumer/sweeper.ts',
        find: 'total = plus(total, await consumer.sweepHeads(page.heads));\n      await this.#keep(consumer.name, place, page.place);',
        replace:
          'await this.#keep(consumer.name, place, page.place);\n      total = plus(total, await consumer.sweepHeads(page.heads));',
      },
    ],
  },
  {
    name: 'cursor not a condition',
    edits: [
      {
        file: 'platform/account-feed/memory.ts',
        find: "if ((this.reached.get(stream)?.applied ?? 0) !== from) return 'conflict';",
        replace: '',
      },
    ],
  },
  {
    name: 'exit closes more than was opened',
    edits: [
      {
        file: 'domain/order/exits.ts',
        find: 'terms: { ...order.terms, orderQuantity: quantity },',
        replace: 'terms: order.terms,',
      },
    ],
  },
  {
    name: 'door takes what was not written',
    edits: [
      {
        file: 'functions/api/door/observed.ts',
        find: "return { ...refused('temporarily_unavailable'), headers: { 'retry-after': '1' } };",
        replace: 'return { status: 204 };',
      },
    ],
  },
  {
    name: 'door refuses what it does not know',
    edits: [
      {
        file: 'functions/api/door/observed.ts',
        find: "return { ...refused('temporarily_unavailable'), headers: { 'retry-after': '1' } };",
        replace: "return refused('account_halted');",
      },
    ],
  },
  {
    name: 'door shows a refusal as taken',
    edits: [
      {
        file: placement,
        find: "state.kind === 'denied' ? refusedBy(state.denial) : await accepted(state, commit.version, legs);",
        replace: 'await accepted(state, commit.version, legs);',
      },
    ],
  },
  {
    name: 'door gives each try its own order',
    edits: [
      {
        file: placement,
        find: 'const id = uuidV5(account, name);',
        replace: 'const id = uuidV5(account, `${name} ${this.#dependencies.random.id()}`);',
      },
    ],
  },
  {
    name: 'door forgets what a name stood for',
    edits: [
      {
        file: 'functions/api/door/request.ts',
        find: 'requestHash: requestHashOf(content)',
        replace: "requestHash: requestHashOf(content && '')",
      },
    ],
  },
  {
    name: 'door reads what it has read before',
    edits: [
      {
        file: 'functions/api/shared/order-lookup.ts',
        find: 'let loaded = await orders.load(orderStream(asked), deadline);',
        replace:
          'const read = (globalThis.read ??= new WeakMap()).get(orders) ?? new Map();\n  globalThis.read.set(orders, read);\n  let loaded = read.get(asked) ?? (await orders.load(orderStream(asked), deadline));\n  read.set(asked, loaded);',
      },
    ],
  },
  {
    name: 'door lets in without the secret',
    edits: [
      {
        file: 'platform/keys/key-ring.ts',
        find: 'const isRight = isSecretOf(key?.secretHash ?? nobodysHash, secret);',
        replace: 'const isRight = secret.length > 0;',
      },
    ],
  },
  {
    name: 'door ignores the limits of the account',
    edits: [
      {
        file: 'platform/hot-config/trading-config.ts',
        find: 'openOrdersMax: limits.openOrdersMax,',
        replace: "openOrdersMax: 'unlimited',",
      },
    ],
  },
  {
    name: 'door takes an id left behind',
    edits: [
      {
        file: 'functions/api/shared/original-id.ts',
        find: "return state.kind === 'order' ? { original: clientOrderId(row.clientOrderId) } : {};",
        replace: 'return state && row && clientOrderId ? {} : {};',
      },
    ],
  },
];
