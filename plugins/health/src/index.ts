/** The plugin: a circuit breaker for every target. */
import { randomUUID } from 'node:crypto';
import { definePlugin } from '@gatewright/core';
import { options, overrides, targetOverrides } from './options.ts';
import { describeTerms } from './described.ts';
import { TermsBook } from './terms.ts';
import { Ward, type Service } from './ward.ts';

export default definePlugin({
  name: '@gatewright/health',
  version: '0.1.0',
  engine: '^1',
  id: 'health',
  options,
  modelOptions: overrides,
  targetOptions: targetOverrides,
  provides: ['health'],
  usesIfPresent: ['state'],
  supports: { hooks: ['meter.reserve', 'meter.settle'], reads: 'none', mutates: false, network: [], secrets: false },
  setup(context, given) {
    const { hooks, clock, random, log, id } = context;
    const { providers, share } = given;
    const book = new TermsBook(given, context.models(), id);
    const service: Service = { book, providers, share, state: context.useIfPresent('state'), log };
    // What is open stays open when the configuration changes.
    const ward = context.share(
      'ward',
      () => new Ward({ clock, random, newId: randomUUID }, service),
      (ward) => ward.close(),
    );
    context.onServe(() => ward.serve(service));
    context.provide('health', ward);
    // Before budgets and limits are asked: nobody needs them for a call that is not made.
    hooks.meter.reserve.tap((attempt) => ward.admit(attempt), { stage: 'early' });
    hooks.meter.settle.tap((outcome, attempt) => ward.record(outcome, attempt));
    context.onPlan((_model, targets) => describeTerms(book, targets, providers));
  },
});
