/** All management routes. */
import { z } from 'zod';
import { Adjustments } from './adjustments.ts';
import { budgetRoutes } from './budget-routes.ts';
import { customerRoutes } from './customer-routes.ts';
import type { Desk } from './desk.ts';
import { auditRoutes, healthRoutes, modelRoutes } from './house-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { keyTurns } from './key-turns.ts';
import { memberRoutes } from './member-routes.ts';
import { openApi } from './openapi.ts';
import { organisationRoutes } from './organisation-routes.ts';
import { reloadRoutes } from './reload-routes.ts';
import { route, type AdminRoute } from './route.ts';
import { spendChanges } from './spend-changes.ts';
import { spendRoutes } from './spend-routes.ts';
import { accessGroupRoutes, tagRoutes } from './tag-routes.ts';
import { targetHealthRoutes } from './target-health.ts';
import { teamRoutes } from './team-routes.ts';
import { userRoutes } from './user-routes.ts';

/** With the route of the OpenAPI document, where it is wanted. */
export function allRoutes(desk: Desk, { openapi, version }: { openapi: boolean; version: string }): AdminRoute[] {
  const adjustments = new Adjustments(desk);
  const routes = [
    ...keyRoutes(desk, adjustments),
    ...keyTurns(desk),
    ...teamRoutes(desk),
    ...memberRoutes(desk),
    ...userRoutes(desk),
    ...organisationRoutes(desk),
    ...budgetRoutes(desk),
    ...customerRoutes(desk),
    ...tagRoutes(desk),
    ...accessGroupRoutes(desk),
    ...spendRoutes(desk),
    ...spendChanges(desk, adjustments),
    ...modelRoutes(desk),
    ...reloadRoutes({ store: desk.parts.store, reloading: desk.parts.reloading, now: () => desk.now() }),
    ...auditRoutes(desk),
    ...healthRoutes(desk),
    ...targetHealthRoutes(desk),
  ];
  if (!openapi) return routes;
  let document: Record<string, unknown> | undefined;
  const described: AdminRoute = route({
    method: 'GET',
    path: '/openapi.json',
    group: 'House',
    summary: 'This document.',
    access: 'known',
    answer: z.record(z.string(), z.unknown()),
    run: () => Promise.resolve((document ??= openApi([...routes, described], version))),
  });
  return [...routes, described];
}
