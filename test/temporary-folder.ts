/** One temporary folder for all that a run of the tests leaves behind; it goes when the run is over. */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is started later, tests and their servers alike, finds its temporary files there. Answers with what ends it. */
export default function setup(): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-test-')));
  // A PostgreSQL started by root runs as somebody else, who has to come through.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
