/** What an auditor begins with. Each `?` is asked for when the query is run, in the order the first line says. */
export interface AuditQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

const events = (line: string) =>
  `UNNEST(CAST(json_extract(${line}, '$.commit.events') AS ARRAY(JSON))) WITH ORDINALITY AS e (event, place)`;

const time = `from_unixtime(CAST(json_extract_scalar(line, '$.commit.at') AS BIGINT) / 1000000.0)`;

const actor = ['kind', 'id', 'apiKeyId', 'proof']
  .map((member) => `json_extract_scalar(line, '$.commit.actor.${member}') AS actor_${member.toLowerCase()}`)
  .join(',\n  ');

/** A batch that came twice is in the archive twice, letter by letter. */
const stepsOfAnOrder = `WITH steps AS (
  SELECT DISTINCT line FROM commits
  WHERE json_extract_scalar(line, '$.commit.stream') = concat('order-', ?) AND day BETWEEN ? AND ?
)
SELECT
  CAST(json_extract_scalar(line, '$.commit.version') AS INTEGER) AS version,
  ${time} AS at,
  ${actor},
  json_extract_scalar(line, '$.commit.correlationId') AS request,
  json_extract_scalar(line, '$.commit.config') AS decided_under,
  json_extract_scalar(event, '$.type') AS event,
  json_format(json_extract(event, '$.data')) AS data,
  json_extract_scalar(line, '$.hash') AS hash
FROM steps CROSS JOIN ${events('line')}
ORDER BY version, place`;

const changesOfLimits = `WITH changes AS (
  SELECT DISTINCT line FROM commits
  WHERE json_extract_scalar(line, '$.kind') IN ('config', 'killswitch') AND day BETWEEN ? AND ?
)
SELECT
  ${time} AS at,
  ${actor},
  json_extract_scalar(event, '$.type') AS event,
  json_extract_scalar(event, '$.data.by') AS who,
  json_extract_scalar(event, '$.data.reason') AS why,
  json_extract_scalar(event, '$.data.approvalId') AS approval,
  json_extract_scalar(event, '$.data.previous') AS previous,
  json_extract_scalar(event, '$.data.version') AS version,
  json_format(json_extract(event, '$.data')) AS data
FROM changes CROSS JOIN ${events('line')}
WHERE json_format(json_extract(event, '$.data')) LIKE concat('%', ?, '%')
ORDER BY at, place`;

/** A list of the account shows the order without naming it. */
const readersOfAnOrder = `SELECT
  json_extract_scalar(line, '$.timestamp') AS at,
  json_extract_scalar(line, '$.caller') AS role,
  json_extract_scalar(line, '$.apiKeyId') AS key_id,
  json_extract_scalar(line, '$.route') AS route,
  json_extract_scalar(line, '$.status') AS status,
  json_extract_scalar(line, '$.orderId') AS order_id,
  json_extract_scalar(line, '$.accountId') AS account_id,
  json_extract_scalar(line, '$.correlationId') AS request
FROM requests
WHERE day BETWEEN ? AND ?
  AND json_extract_scalar(line, '$.route') LIKE 'GET %'
  AND (
    json_extract_scalar(line, '$.orderId') = ?
    OR (json_extract_scalar(line, '$.orderId') IS NULL AND json_extract_scalar(line, '$.accountId') = ?)
  )
ORDER BY at`;

const callsAboutAnOrder = `SELECT eventtime, useridentity.arn AS who, sourceipaddress, eventname, errorcode, requestparameters
FROM trail
WHERE day BETWEEN ? AND ? AND eventsource IN ('dynamodb.amazonaws.com', 's3.amazonaws.com') AND requestparameters LIKE concat('%', ?, '%')
ORDER BY eventtime`;

const callsToAppConfig = `SELECT eventtime, useridentity.arn AS who, sourceipaddress, eventname, errorcode, requestparameters
FROM trail
WHERE day BETWEEN ? AND ? AND eventsource = 'appconfig.amazonaws.com' AND readonly = 'false'
ORDER BY eventtime`;

const days = 'first and last day as yyyy/MM/dd';

export const auditQueries: readonly AuditQuery[] = [
  query(
    'every-step-of-an-order',
    `Every commit of an order, with who, when, for which request and under which config. Asks for: order id, ${days}.`,
    stepsOfAnOrder,
  ),
  query(
    'who-changed-a-limit',
    `Changes of the config and of kill switches whose content has a text in it, as orderQuantityMax. Asks for: ${days}, the text.`,
    changesOfLimits,
  ),
  query(
    'who-read-an-order',
    `Reads of an order through the API, and of lists of its account, which have it. Asks for: ${days}, order id, account id.`,
    readersOfAnOrder,
  ),
  query(
    'who-touched-an-order-beside-the-api',
    `Calls of AWS on the tables and the archive that name a stream or an object. Asks for: ${days}, what it names, as an order id.`,
    callsAboutAnOrder,
  ),
  query(
    'who-deployed-a-config',
    `Calls of AppConfig that change something. Asks for: ${days}.`,
    callsToAppConfig,
  ),
];

/** The first line says what is asked for: whoever opens it in the console sees that. */
function query(name: string, description: string, sql: string): AuditQuery {
  return { name, description, sql: `-- ${description}\n${sql}` };
}
