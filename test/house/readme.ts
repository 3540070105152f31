/** The rules of what stands in a plugin's folder for its readers. */
import type { Finding } from './finding.ts';
import { packageName, pluginFolders, type TextFile } from './tree.ts';

/** The second-level headings of a plugin's README, in this order. Others may stand after the last. */
export const HEADINGS = ['Install', 'Options', 'Hooks', 'Failure', 'Example'] as const;

/** Finds plugin folders without a README or a conformance test, and READMEs with other headings. */
export function badFolders(files: readonly TextFile[], noPlugins: readonly string[] = []): Finding[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return pluginFolders(files).flatMap((folder) => {
    const readme = `plugins/${folder}/README.md`;
    const conformance = `plugins/${folder}/src/index.test.ts`;
    const text = texts.get(readme);
    if (text === undefined) return [{ path: readme, line: 1, message: 'is missing.' }];
    const messages = [title(text, folder), noPlugins.includes(folder) ? undefined : order(text)];
    const findings = messages
      .filter((message) => message !== undefined)
      .map((message) => ({ path: readme, line: 1, message }));
    const rule = 'is missing: it tests that the plugin keeps the contract.';
    if (!texts.has(conformance)) findings.push({ path: conformance, line: 1, message: rule });
    return findings;
  });
}

function title(text: string, folder: string): string | undefined {
  const wanted = `# ${packageName(folder)}`;
  return text.startsWith(`${wanted}\n`) ? undefined : `must begin with "${wanted}".`;
}

function order(text: string): string | undefined {
  const found = headings(text);
  if (HEADINGS.every((heading, index) => found[index] === heading)) return undefined;
  return `must have the headings ${HEADINGS.join(', ')}, in this order, before any other; it has ${found.join(', ')}.`;
}

/** The second-level headings outside fenced blocks. */
function headings(text: string): string[] {
  const prose = text.replaceAll(/^(```+|~~~+)[^]*?^\1/gm, '');
  return [...prose.matchAll(/^## (.+)$/gm)].map((match) => match[1]?.trim() ?? '');
}
