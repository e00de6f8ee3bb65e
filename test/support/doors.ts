// The real application of a desk on a free port, and people who use it over HTTP as a browser without script does.
import { createServer as createHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Agent, openSession, Sessions } from '../../server/agents';
import { formats } from '../../server/i18n';
import { identify } from '../../server/identify';
import { mountRoutes } from '../../server/routes';
import { createServer } from '../../server/web';
import type { Desk } from './desk';

export interface Answer {
  status: number;
  headers: Headers;
  /** Where a redirect leads. */
  location: string | null;
  html: string;
}

type Fields = Record<string, string> | [string, string][];

export interface Person {
  /** Cookies by name, as the browser keeps them. */
  cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form from a page of ours. */
  post(path: string, fields?: Fields, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form with files from a page of ours. */
  upload(
    path: string,
    fields: Record<string, string>,
    files: { name: string; type: string; bytes: Uint8Array }[],
  ): Promise<Answer>;
  /** Sends anything in any way, with this person's cookies. */
  ask(path: string, init: RequestInit): Promise<Answer>;
}

export interface Doors {
  url: string;
  /** Somebody who is not signed in. */
  stranger(): Person;
  /** Somebody with an open session. */
  as(agent: Agent, from?: { shortIp?: string; browser?: string }): Person;
  close(): Promise<void>;
}

export async function openDoors({ app }: Desk): Promise<Doors> {
  const express = createServer(app, identify(app, new Sessions(app), formats()), (server) =>
    mountRoutes(app, server),
  );
  const http = createHttp(express);
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url,
    stranger: () => person(url),
    as(agent, from = {}) {
      const token = app.db.tx(() =>
        openSession(app, agent, { shortIp: from.shortIp ?? '192.0.2.0', browser: from.browser ?? '' }),
      );
      return person(url, [['hearthdesk', token]]);
    },
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
}

function person(url: string, cookies: [string, string][] = []): Person {
  const jar = new Map(cookies);
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      accept: 'text/html',
      ...(cookie ? { cookie } : {}),
      ...(init.headers as Record<string, string>),
    };
    const answer = await fetch(`${url}${path}`, { ...init, redirect: 'manual', headers });
    for (const line of answer.headers.getSetCookie()) keep(jar, line);
    return {
      status: answer.status,
      headers: answer.headers,
      location: answer.headers.get('location'),
      html: await answer.text(),
    };
  };
  return {
    cookies: jar,
    ask,
    upload(path, fields, files) {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      for (const { name, type, bytes } of files)
        body.append('files', new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), name);
      return ask(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin' } });
    },
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, fields = {}, headers = {}) =>
      ask(path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { 'sec-fetch-site': 'same-origin', ...headers },
      }),
  };
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';');
  const name = pair.slice(0, pair.indexOf('='));
  const value = pair.slice(pair.indexOf('=') + 1);
  if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
  else jar.set(name, value);
}
