import type { DemoKey } from '../../../local/demo.ts';
import type { Answer, TestCell } from '../../support/cell.ts';

type Body = Readonly<Record<string, unknown>>;

/** The firm's side of a test cell: two operators and a venue's connector, acting on the first demo account. */
export class Desk {
  readonly cell: TestCell;
  #colleague: DemoKey | undefined;
  #connector: DemoKey | undefined;
  #keys = 0;

  constructor(cell: TestCell) {
    this.cell = cell;
  }

  get accountId(): string {
    return this.cell.key('first').accountId ?? '';
  }

  ask(route: string, body?: unknown, key?: string): Promise<Answer> {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    return this.cell.ask(this.cell.key('administrator'), route, { body, headers });
  }

  /** Somebody else of the firm. */
  async second(route: string, body?: unknown): Promise<Answer> {
    this.#colleague ??= await this.cell.issue({ role: 'operator', person_id: 'colleague' });
    return this.cell.ask(this.#colleague, route, { body });
  }

  approvalId(body: Body): string {
    const approval = body['approval'];
    return typeof approval === 'object' && approval !== null && 'id' in approval ? String(approval.id) : '';
  }

  halt(accountId = this.accountId): Promise<Answer> {
    return this.ask(`POST /v1/accounts/${accountId}/halt`, { reason: 'a test' });
  }

  /** Asks to lift the halt in force; the approval's id. */
  async askToLift(): Promise<string> {
    return this.approvalId((await this.ask(`POST /v1/accounts/${this.accountId}/lift-halt`)).body);
  }

  close(accountId = this.accountId): Promise<Answer> {
    return this.ask(`POST /v1/accounts/${accountId}/actions/close`);
  }

  transfer(body: Body, key = this.#newKey()): Promise<Answer> {
    return this.ask(`POST /v1/accounts/${this.accountId}/transfers`, { direction: 'INCOMING', ...body }, key);
  }

  async newAccount(): Promise<{ readonly accountId: string; readonly key: DemoKey }> {
    const { body } = await this.ask('POST /v1/accounts', {});
    const accountId = String(body['id']);
    return { accountId, key: await this.cell.issue({ role: 'client', account_id: accountId }) };
  }

  /** What the venue did, as its connector says. */
  async report(orderId: string, body: Body): Promise<Answer> {
    this.#connector ??= await this.cell.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' });
    const headers = { 'idempotency-key': this.#newKey() };
    return this.cell.ask(this.#connector, `POST /v1/orders/${orderId}/reports`, { body, headers });
  }

  /** Places an order and reports these executions of it; gives its id. */
  async filled(order: Body, executions: readonly Body[]): Promise<string> {
    const { body } = await this.cell.place(order);
    const id = String(body['id']);
    for (const execution of executions) await this.report(id, { report: 'execute', ...execution });
    return id;
  }

  /** An order whose first id was left behind by a replace. */
  async replaced(): Promise<{ readonly id: string; readonly replacementId: string }> {
    const { body } = await this.cell.place();
    const id = String(body['id']);
    const asked = await this.cell.ask(this.cell.key('first'), `PATCH /v2/orders/${id}`, {
      body: { qty: '12' },
    });
    await this.report(id, { report: 'confirm-replace' });
    return { id, replacementId: String(asked.body['id']) };
  }

  /** Sells what was bought, takes all cash out, and then the venue busts the sale. */
  async makeShort(): Promise<void> {
    await this.filled({ qty: '10' }, [{ execution_id: 'b1', qty: '10', price: '100' }]);
    const sale = { qty: '10', side: 'sell' };
    const id = await this.filled(sale, [{ execution_id: 's1', qty: '10', price: '100' }]);
    const { body } = await this.ask(`GET /v1/accounts/${this.accountId}`);
    await this.transfer({ direction: 'OUTGOING', amount: body['buying_power'] });
    await this.report(id, { report: 'bust', execution_id: 's1' });
  }

  #newKey(): string {
    this.#keys += 1;
    return `test-${this.#keys}`;
  }
}
