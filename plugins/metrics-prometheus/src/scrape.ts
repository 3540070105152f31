/** The route at which Prometheus reads. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { HttpPoints } from '@gatewright/core';
import type { MetricSum } from './metric-sum.ts';

export type RouteHandler = Parameters<HttpPoints['route']>[2];

/** A handler that writes all metrics, for those who send the token where there is one. */
export function scrape(metrics: Pick<MetricSum, 'text' | 'contentType'>, token: string | undefined): RouteHandler {
  const allowed = token === undefined ? () => true : bearerCheck(token);
  return async (context) => {
    if (!allowed(context.get('authorization'))) {
      context.status = 401;
      context.set('www-authenticate', 'Bearer');
      context.body = 'Send the token of @gatewright/metrics-prometheus: "authorization: Bearer …".\n';
      return;
    }
    const text = await metrics.text();
    context.set('content-type', metrics.contentType);
    context.body = text;
  };
}

/** Compares in a time that tells nothing about the token. */
function bearerCheck(token: string): (header: string) => boolean {
  const salt = randomBytes(32).toString('hex');
  const digest = (text: string): Buffer => hash('sha256', salt + text, 'buffer');
  const expected = digest(token);
  return (header) => {
    const match = /^bearer +(\S+)$/i.exec(header.trim());
    return match !== null && timingSafeEqual(digest(match[1] ?? ''), expected);
  };
}
