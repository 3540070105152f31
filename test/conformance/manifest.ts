/** Where the package.json of a plugin of this repository is. */
export function manifestOf(plugin: string): URL {
  return new URL(`../../plugins/${plugin}/package.json`, import.meta.url);
}

/** The same of a template that `npm create gatewright` makes plugins of. */
export function templateManifest(kind: string): URL {
  return new URL(`../../plugins/create-gatewright/templates/${kind}/package.json`, import.meta.url);
}
