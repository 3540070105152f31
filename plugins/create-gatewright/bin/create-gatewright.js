#!/usr/bin/env node
// Plain old syntax on purpose: this file must parse on any Node, to say which Node is needed.
var version = process.versions.node.split('.');
var major = Number(version[0]);
var minor = Number(version[1]);

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write('create-gatewright needs Node 22.19 or newer; this is Node ' + process.versions.node + '.\n');
  process.exitCode = 1;
} else {
  import('../dist/main.js').catch(function (error) {
    process.stderr.write('create-gatewright could not start: ' + (error && error.stack ? error.stack : error) + '\n');
    process.exitCode = 1;
  });
}
