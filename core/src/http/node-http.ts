/**
 * Node's own HTTP without what an import of its module brings along.
 *
 * Imported by name, every export of `node:http` is read, one of which loads a whole WebSocket client: 25 ms at start.
 */
export const http = process.getBuiltinModule('node:http');
