/** An exchange's log line: the bytes that pino writes of {@link lineOf}, without the 4 kB of garbage that its text would be. */
import type { AttemptRecord, Cost, ExchangeRecord, Identity, Usage } from '@gatewright/core';
import { CLASSES, type Level } from './line.ts';
import { piece, type LineBytes } from './line-bytes.ts';
import { usd } from './usd.ts';

/** What stands before the values, their opening quotes included. */
const PIECES = {
  level: piece('{"level":"'),
  time: piece(',"time":'),
  id: piece(',"id":"'),
  parent: piece(',"parent":"'),
  cause: piece(',"cause":"'),
  operation: piece(',"operation":"'),
  surface: piece(',"surface":"'),
  model: piece(',"model":"'),
  status: piece(',"status":'),
  result: piece(',"result":"'),
  error: piece(',"error":'),
  duration: piece(',"duration":'),
  timeToFirstToken: piece(',"timeToFirstToken":'),
  overhead: piece(',"overhead":'),
  answeredBy: piece(',"answeredBy":"'),
  warnings: piece(',"warnings":'),
  attempts: piece(',"attempts":['),
  comma: piece(','),
  end: piece('],"msg":"exchange"}\n'),
  key: piece(',"key":"'),
  name: piece(',"name":"'),
  user: piece(',"user":"'),
  team: piece(',"team":"'),
  organisation: piece(',"organisation":"'),
  tags: piece(',"tags":'),
  target: piece('{"target":"'),
  stop: piece(',"stop":"'),
  upstreamId: piece(',"upstreamId":"'),
  upstreamModel: piece(',"upstreamModel":"'),
  close: piece('}'),
  usage: piece(',"usage":{'),
  cost: piece(',"cost":{'),
  price: piece(',"price":"'),
  streamed: piece(',"stream":true'),
  whole: piece(',"stream":false'),
  complete: piece(',"usageComplete":true'),
  incomplete: piece(',"usageComplete":false'),
};

/** Writes the line, with its line end. Its members stand in the order of {@link lineOf}. */
export function writeLine(out: LineBytes, record: ExchangeRecord, level: Level): void {
  out.text(PIECES.level, level);
  out.number(PIECES.time, record.time);
  out.text(PIECES.id, record.id);
  out.text(PIECES.parent, record.parent);
  out.text(PIECES.cause, record.cause);
  out.text(PIECES.operation, record.operation);
  out.text(PIECES.surface, record.surface);
  out.text(PIECES.model, record.model);
  out.plain(record.stream ? PIECES.streamed : PIECES.whole);
  writeCaller(out, record.identity);
  out.number(PIECES.status, record.status);
  out.text(PIECES.result, record.result);
  out.json(PIECES.error, record.error);
  writeUsage(out, record.usage);
  writeCost(out, record.cost, undefined);
  out.duration(PIECES.duration, record.duration);
  out.duration(PIECES.timeToFirstToken, record.timeToFirstToken);
  out.duration(PIECES.overhead, record.overhead);
  out.text(PIECES.answeredBy, record.answeredBy);
  out.json(PIECES.warnings, record.warnings.length === 0 ? undefined : record.warnings);
  out.plain(PIECES.attempts);
  for (let at = 0; at < record.attempts.length; at++) {
    if (at > 0) out.plain(PIECES.comma);
    writeAttempt(out, record.attempts[at] as AttemptRecord);
  }
  out.plain(PIECES.end);
}

function writeCaller(out: LineBytes, identity: Identity): void {
  out.text(PIECES.key, identity.key);
  out.text(PIECES.name, identity.name);
  out.text(PIECES.user, identity.user);
  out.text(PIECES.team, identity.team);
  out.text(PIECES.organisation, identity.organisation);
  out.json(PIECES.tags, identity.tags);
}

function writeAttempt(out: LineBytes, attempt: AttemptRecord): void {
  out.text(PIECES.target, attempt.target);
  out.text(PIECES.result, attempt.result);
  out.number(PIECES.status, attempt.status);
  out.json(PIECES.error, attempt.error);
  writeUsage(out, attempt.usage);
  out.plain(attempt.usageComplete ? PIECES.complete : PIECES.incomplete);
  writeCost(out, attempt.cost, attempt.cost?.price);
  out.text(PIECES.stop, attempt.stop);
  out.text(PIECES.upstreamId, attempt.upstreamId);
  out.text(PIECES.upstreamModel, attempt.upstreamModel);
  out.duration(PIECES.duration, attempt.duration);
  out.duration(PIECES.timeToFirstToken, attempt.timeToFirstToken);
  out.plain(PIECES.close);
}

/** The classes of tokens, each with what stands before its count. */
const COUNTS = CLASSES.map((name) => [name, piece(`"${name}":`), piece(`,"${name}":`)] as const);

function writeUsage(out: LineBytes, usage: Usage | undefined): void {
  if (usage === undefined) return;
  out.plain(PIECES.usage);
  let isFirst = true;
  for (const [name, first, further] of COUNTS) {
    const count = usage[name];
    if (count === 0) continue;
    out.number(isFirst ? first : further, count);
    isFirst = false;
  }
  for (const name in usage.units) {
    out.number(piece(isFirst ? `"${name}":` : `,"${name}":`), usage.units[name as keyof typeof usage.units] as number);
    isFirst = false;
  }
  out.plain(PIECES.close);
}

function writeCost(out: LineBytes, cost: Cost | undefined, price: string | undefined): void {
  if (cost === undefined) return;
  out.plain(PIECES.cost);
  out.money(cost.nanos, usd);
  out.text(PIECES.price, price);
  out.plain(PIECES.close);
}
