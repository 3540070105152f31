/** The pool of connections: bounded in number and in patience, with the database's errors told as the gateway's. */
import { GatewayError, isGatewayError, type Logger } from '@gatewright/core';
import { Pool, TypeOverrides, type PoolClient, type QueryResultRow } from 'pg';

export interface ConnectionOptions {
  readonly url: string;
  /** The schema that the tables are in; an SQL name. */
  readonly schema: string;
  readonly poolSize: number;
  /** How long a call may take, waiting for a connection included, in milliseconds. */
  readonly timeout: number;
}

/** The type numbers of PostgreSQL's catalogue (pg_type.dat): bigint, and numeric, which sums of bigint are. */
const INT8 = 20;
const NUMERIC = 1700;

/** Integers beyond a double's stay exact. */
const EXACT = new TypeOverrides();
EXACT.setTypeParser(INT8, BigInt);
EXACT.setTypeParser(NUMERIC, BigInt);

export class Connection {
  readonly #pool: Pool;

  constructor({ url, schema, poolSize, timeout }: ConnectionOptions, log: Logger) {
    this.#pool = new Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: timeout,
      query_timeout: timeout,
      statement_timeout: timeout,
      application_name: 'gatewright',
      options: `-c search_path=${schema}`,
      types: EXACT,
    });
    // A connection that breaks while nobody uses it is replaced when the next call needs one.
    this.#pool.on('error', (error) => log.warn('A connection to PostgreSQL was lost.', { reason: error.message }));
  }

  /** The rows of one statement. Rejects with `GW_STORE_UNAVAILABLE`. */
  async query<R extends QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    try {
      const { rows } = await this.#pool.query<R>(sql, [...values]);
      return rows;
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Runs a body on one connection. Rejects with what the body throws, else with `GW_STORE_UNAVAILABLE`. */
  async with<T>(body: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw unavailable(error);
    }
    let broken: Error | undefined;
    // The pool listens only to connections that nobody uses; the statement that is under way is told as well.
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    try {
      return await body(client);
    } catch (error) {
      if (isGatewayError(error)) throw error;
      // Its state is not known: the next call gets another.
      broken = error instanceof Error ? error : new Error(String(error));
      throw unavailable(error);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /** Everything that the body does, or nothing. */
  transaction<T>(body: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.with(async (client) => {
      await client.query('BEGIN');
      try {
        const result = await body(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

/** The error without what a connection string holds: pg's own messages name neither user nor password. */
export function unavailable(cause: unknown): GatewayError {
  const reason =
    cause instanceof Error && cause.message !== ''
      ? cause.message
      : String((cause as { code?: unknown }).code ?? cause);
  return new GatewayError('GW_STORE_UNAVAILABLE', `PostgreSQL failed: ${reason}.`, { cause });
}
