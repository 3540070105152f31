#!/usr/bin/env node
// Plain old syntax on purpose: this file must parse on any Node, to say which Node is needed.
var version = process.versions.node.split('.');
var major = Number(version[0]);
var minor = Number(version[1]);

// A gateway throws away much and keeps little: with these limits, 64 busy connections leave a process of 130 MB instead of 240, in
// the same time. Nearly all that a boot makes is there to stay: begun with less than 4 MB, the young generation is copied eleven
// times instead of five, 110 ms instead of 30 on a busy machine. What else V8 is told (src/cli/sparing.ts) has to wait until then.
var limits = ['--max-semi-space-size=8', '--min-semi-space-size=4'];
// Only the first is Node's own word. V8 may drop the other, and then Node would not start at all: tried up to 26.
if (major > 26) limits.length = 1;

// Leads to the bundles of the core and of its plugins: a gateway of many files takes twice as long to load.
var bundled = '--conditions=gatewright-bundle';

// As it is published. In a checkout, where the bundles may be older than the rest, somebody has to ask for them.
function isPublished() {
  var exists = process.getBuiltinModule('node:fs').existsSync;
  return !exists(new URL('../src/', import.meta.url)) && exists(new URL('../bundle/', import.meta.url));
}

// They can be set only before Node starts, so a gateway starts Node anew, in the same process; that takes 40 ms. Not where the
// operator has set limits, nor where a parent talks to this process, for it would lose its channel.
function mustRestart() {
  var given = process.execArgv.join(' ') + ' ' + (process.env.NODE_OPTIONS || '');
  if (process.argv[2] !== 'start' || process.send !== undefined || /semi-space|heap-growing/.test(given)) return false;
  return process.platform !== 'win32' && process.execve !== undefined;
}

// V8 would hold all threads to the limits of the young generation, whatever those say who start them.
function forgetLimits() {
  if (process.execArgv.indexOf(limits[0]) < 0) return;
  var v8 = process.getBuiltinModule('node:v8');
  v8.setFlagsFromString('--max-semi-space-size=0');
  v8.setFlagsFromString('--min-semi-space-size=0');
}

// Where Node puts it by itself; said in the environment, threads and workers look there as well.
function compileCache() {
  return process.getBuiltinModule('node:path').join(process.getBuiltinModule('node:os').tmpdir(), 'node-compile-cache');
}

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write('gatewright needs Node 22.19 or newer; this is Node ' + process.versions.node + '.\n');
  process.exitCode = 1;
} else if (mustRestart()) {
  var conditions = isPublished() ? [bundled] : [];
  var args = [process.execPath].concat(limits, conditions, process.execArgv, process.argv.slice(1));
  // Each thread of the GNU library would otherwise keep memory of its own: 13 MB.
  process.execve(process.execPath, args, Object.assign({ MALLOC_ARENA_MAX: '1' }, process.env));
} else {
  forgetLimits();
  import('node:module')
    .then(function (module) {
      // Compiled code is kept for the next start, that of threads and workers too: about a tenth of the boot time.
      process.env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE || compileCache();
      module.enableCompileCache();
      return process.execArgv.indexOf(bundled) < 0 ? import('../dist/cli/main.js') : import('../bundle/cli/main.js');
    })
    .catch(function (error) {
      process.stderr.write('gatewright could not start: ' + (error && error.stack ? error.stack : error) + '\n');
      process.exitCode = 1;
    });
}
