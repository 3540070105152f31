/** `npm run docs`: writes the generated parts of the documentation. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '@gatewright/core';
import { PRESETS } from '@gatewright/provider-openai-compatible';
import { ROOT } from '../house/tree.ts';
import { chatDialects } from '../translation/dialects.ts';
import { TRANSLATION_PAGE, translationPage } from '../translation/page.ts';
import { CONFIG_PAGE, withConfigTables } from './config-tables.ts';
import { errorsPage } from './errors-page.ts';
import { HOOKS_PAGE, hooksPage } from './hooks-page.ts';
import { withOptionsTable } from './options-table.ts';
import { loadPlugin, pluginNames } from './plugins.ts';
import { PRESETS_PAGE, withPresetsTable } from './presets-table.ts';

/** Writes a file if that changes it, and says so. */
function write(path: string, text: string): void {
  const file = join(ROOT, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text);
  process.stdout.write(`wrote ${path}\n`);
}

write('core/docs/errors.md', errorsPage(ERROR_CODES));
write(HOOKS_PAGE, hooksPage());
write(CONFIG_PAGE, withConfigTables(readFileSync(join(ROOT, CONFIG_PAGE), 'utf8')));
for (const name of pluginNames()) {
  const path = `plugins/${name}/README.md`;
  try {
    const plugin = await loadPlugin(name);
    write(path, withOptionsTable(readFileSync(join(ROOT, path), 'utf8'), plugin));
  } catch (error) {
    process.stderr.write(`${path} ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
write(PRESETS_PAGE, withPresetsTable(readFileSync(join(ROOT, PRESETS_PAGE), 'utf8'), PRESETS));
write(TRANSLATION_PAGE, translationPage(await chatDialects()));
