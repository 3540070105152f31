/** The files of a project, from its template. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Project } from './project.ts';

export interface ProjectFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Each is a workspace of its own, which the tests of this package build and run. */
export const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

/** What a template's own install and build leave behind. */
const LEFT_OUT = new Set(['node_modules', 'dist']);

/** Reads a template and gives it the project's name. `version` is that of the packages that it depends on. */
export function filesOf(project: Project, version: string): ProjectFile[] {
  const folder = join(TEMPLATES, project.kind);
  const files = pathsIn(folder).map((path): ProjectFile => {
    const text = readFileSync(join(folder, path), 'utf8');
    const named = renamed(path === 'package.json' ? withVersions(text, version) : text, project);
    return { path: renamed(dotted(path), project), text: named };
  });
  const example = files.find(({ path }) => path === '.env.example');
  if (example !== undefined) files.push({ path: '.env', text: withKey(example.text) });
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function pathsIn(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep));
  return paths.filter((path) => !path.some((part) => LEFT_OUT.has(part))).map((path) => path.join('/'));
}

/** npm leaves out `.gitignore` and reads it: in the template such files begin with an underscore. */
function dotted(path: string): string {
  return path.replace(/(^|\/)_(?=[^/]+$)/, '$1.');
}

/** In a template, `@my-scope/my-x` stands for the package's name, `my-x` for the name without its scope. */
function renamed(text: string, { kind, name, id }: Project): string {
  return text.replaceAll(`@my-scope/my-${kind}`, name).replaceAll(`my-${kind}`, id);
}

/** Packages of Gatewright are released together: the template asks for those that came with it. */
function withVersions(text: string, version: string): string {
  return text.replaceAll(/("@gatewright\/[\w-]+": )"[^"]*"/g, `$1"^${version}"`);
}

/** A key that nobody can guess, for the gateway to be safe from its first start. */
function withKey(example: string): string {
  return example.replace(/^GATEWRIGHT_KEY=.*$/m, `GATEWRIGHT_KEY=sk-${randomBytes(24).toString('base64url')}`);
}
