// How SQLite goes about the questions that some work asks.
import type { App } from '../../server/app';
import { Db } from '../../server/db';
import type { Desk } from './desk';

/** The steps of the query plans of every SELECT that `work` asks of a desk's database, in their order. */
export function plansOf(desk: Desk, work: (app: App) => void): string[] {
  const { sql } = desk.app.db;
  const asked: string[] = [];
  const watched = new Proxy(sql, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        if (name === 'prepare' && /^\s*SELECT/.test(String(given[0]))) asked.push(String(given[0]));
        return value.apply(target, given);
      };
    },
  });
  work({ ...desk.app, db: new Db(watched) });
  return asked.flatMap((question) => {
    const values = Array.from(question.match(/\?/g) ?? [], () => 1);
    const steps = sql.prepare(`EXPLAIN QUERY PLAN ${question}`).all(...values) as { detail: string }[];
    return steps.map(({ detail }) => detail);
  });
}
