// Every route of the product, as its routers were mounted.
import express, { type IRouter } from 'express';
import type { App } from '../../server/app';
import { mountRoutes } from '../../server/routes';

export interface Route {
  method: string;
  path: string;
  /** The name of the guard that is its first handler; undefined when there is none. */
  guard: string | undefined;
}

interface Layer {
  route?: {
    path: string;
    methods: Record<string, boolean>;
    stack: { method: string; handle: { guard?: string } }[];
  };
  handle: { stack?: Layer[] };
}

/** In mount order. */
export function routesOf(app: App): Route[] {
  const server = express();
  mountRoutes(app, server);
  return (server.router as IRouter & { stack: Layer[] }).stack.flatMap(routesIn);
}

function routesIn(layer: Layer): Route[] {
  const { route } = layer;
  if (!route) return layer.handle.stack?.flatMap(routesIn) ?? [];
  return Object.keys(route.methods).map((method) => ({
    method: method.toUpperCase(),
    path: route.path,
    guard: route.stack.find((handler) => handler.method === method)?.handle.guard,
  }));
}
