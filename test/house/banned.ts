/** The table of what published code must not do, each with the reason and the better way. */
import type { Comment, Node, VisitorObject } from 'oxc-parser';
import type { Finding } from './finding.ts';
import { at, parse, visit } from './source.ts';
import { isCore, isPlugin, isSource, type TextFile } from './tree.ts';

interface Ban {
  /** Why not, and what instead. */
  readonly reason: string;
  /** Where it is allowed after all. */
  readonly except?: RegExp;
}

/** What is banned. A call or a property is written as in code; a bare name is banned wherever it stands. */
const BANNED: Readonly<Record<string, Ban>> = {
  console: {
    reason: 'it bypasses the log and its redaction: use the `log` of setup, or write to the stream you were given',
  },
  'process.exit': { reason: 'it cuts off replies and flushes: set process.exitCode and close what is open' },
  'process.env': {
    reason: 'only the configuration reads the environment: take an option, and let the config say "${env:NAME}"',
    except: /^(?:(?:core\/src\/(?:config|cli)|plugins\/testkit\/src\/servers)\/|plugins\/testkit\/src\/material\.ts$)/,
  },
  'Math.random': {
    reason: 'ids must not be guessable and tests must be repeatable: use node:crypto, or let chance be passed in',
    except: /^core\/src\/gateway\.ts$/,
  },
  'Date.now': { reason: 'tests hold the clock: use the injected Clock', except: /^core\/src\/clock\.ts$/ },
  'new Date()': { reason: 'tests hold the clock: use the injected Clock', except: /^core\/src\/clock\.ts$/ },
  'performance.now': { reason: 'tests hold the clock: use the injected Clock', except: /^core\/src\/clock\.ts$/ },
  'process.hrtime': { reason: 'tests hold the clock: use the injected Clock' },
  fetch: { reason: "it is built on web streams and costs half the throughput: use the core's upstream client" },
  ReadableStream: { reason: 'a stack of web streams costs 8 to 14 µs per event: use callbacks or node:stream' },
  WritableStream: { reason: 'a stack of web streams costs 8 to 14 µs per event: use callbacks or node:stream' },
  TransformStream: { reason: 'a stack of web streams costs 8 to 14 µs per event: use callbacks or node:stream' },
  'async function*': { reason: 'it costs 2 to 4 µs per event and layer: use a callback, or a plain array per chunk' },
  'instanceof GatewayError': { reason: 'two copies of the core may meet in one process: use isGatewayError' },
  AsyncParallelHook: { reason: 'a tap that throws synchronously stops later taps from starting: run them one by one' },
};

/** What is banned in every comment of the repository. */
const UNFINISHED = /\b(?:TODO|FIXME|XXX|HACK)\b/;

/** Finds banned things in the published code of the core and the plugins. */
export function bannedThings(files: readonly TextFile[]): Finding[] {
  return files.filter(({ path }) => isCore(path) || isPlugin(path)).flatMap(bannedIn);
}

function bannedIn(file: TextFile): Finding[] {
  const findings: Finding[] = [];
  const report = (what: string, node: Node): void => {
    const ban = Object.hasOwn(BANNED, what) ? BANNED[what] : undefined;
    if (ban === undefined || ban.except?.test(file.path) === true) return;
    findings.push(at(file, node.start, `has \`${what}\`, which is banned: ${ban.reason}.`));
  };
  visit(parse(file).program, spotter(report));
  return findings;
}

/** Calls `report` with everything that the table could name. */
function spotter(report: (what: string, node: Node) => void): VisitorObject {
  const generator = (node: { async: boolean; generator: boolean } & Node): void => {
    if (node.async && node.generator) report('async function*', node);
  };
  const properties = new Set<Node>();
  const named = (node: { computed: boolean; key: Node }): void => {
    if (!node.computed) properties.add(node.key);
  };
  return {
    MemberExpression(node) {
      const property = propertyName(node);
      if (!node.computed) properties.add(node.property);
      if (node.object.type !== 'Identifier' || property === undefined) return;
      report(`${node.object.name}.${property}`, node);
      if (node.object.name === 'globalThis') report(property, node);
    },
    Property(node) {
      if (!node.shorthand) named(node);
    },
    PropertyDefinition: named,
    MethodDefinition: named,
    TSPropertySignature: named,
    TSMethodSignature: named,
    Identifier(node) {
      if (!properties.has(node)) report(node.name, node);
    },
    ImportDeclaration(node) {
      for (const one of node.specifiers) {
        if (one.type !== 'ImportSpecifier' || one.imported.type !== 'Identifier') continue;
        report(`${node.source.value.replace('node:', '')}.${one.imported.name}`, one);
      }
    },
    VariableDeclarator(node) {
      if (node.id.type !== 'ObjectPattern' || node.init?.type !== 'Identifier') return;
      for (const one of node.id.properties) {
        if (one.type === 'Property' && one.key.type === 'Identifier') report(`${node.init.name}.${one.key.name}`, one);
      }
    },
    NewExpression(node) {
      const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
      if (isDate && node.arguments.length === 0) report('new Date()', node);
    },
    BinaryExpression(node) {
      if (node.operator === 'instanceof' && node.right.type === 'Identifier')
        report(`instanceof ${node.right.name}`, node);
    },
    FunctionDeclaration: generator,
    FunctionExpression: generator,
  };
}

function propertyName(node: Extract<Node, { type: 'MemberExpression' }>): string | undefined {
  if (node.property.type === 'Identifier' && !node.computed) return node.property.name;
  return node.property.type === 'Literal' ? String(node.property.value) : undefined;
}

/** Finds comments that promise work: finish it, or write an issue. */
export function unfinished(files: readonly TextFile[]): Finding[] {
  return files
    .filter(({ path }) => isSource(path))
    .flatMap((file) =>
      parse(file)
        .comments.filter(promises)
        .map(({ start }) =>
          at(file, start, 'promises work in a comment: do it now, or open an issue and say nothing here.'),
        ),
    );
}

const promises = (comment: Comment): boolean => UNFINISHED.test(comment.value);
