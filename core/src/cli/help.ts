/** The words of `--help`. */

export const HELP = {
  program: 'A gateway for language models, composed of plugins by one configuration file.',
  version: 'print the version',
  help: 'print this help',
  config: 'the configuration, or a folder that has one (default: the working directory)',
  json: 'print JSON, for programs',
  start: {
    summary: 'serve the configuration',
    description: `Boots the configuration and listens.

SIGTERM and SIGINT (Ctrl-C): takes no new requests, lets those under way finish within
"drainTimeout", and ends with exit code 0. The same signal again ends at once.
SIGHUP: reads the configuration again. A bad one is reported, and the one before goes on.
With --watch, a change of the file does the same.`,
  },
  check: {
    summary: 'say everything that is wrong with a configuration',
    description: `Reads the configuration, loads and sets up its plugins, and listens nowhere.

Prints every problem with its file, line and column. Exit code 1 where there is one.`,
  },
  plan: {
    summary: 'show what a configuration amounts to',
    description: `Shows plugins, the order of their hooks and why, services, routes, models with their targets,
and how much is done between each surface and each provider.`,
  },
  explain: {
    summary: 'show what one request goes through, without sending it on',
    description: `Runs one request through the gateway up to where a provider would be called: what every plugin made
of it, and what would be sent where. Nothing is sent, spent or logged. A request that the gateway
would refuse is shown with the error that the client would get.`,
  },
  keys: {
    summary: 'make, list and change the keys of a running gateway',
    description: `Talks to the management routes of a running gateway, which the plugin @gatewright/admin-api serves.

The admin key comes from the environment variable GATEWRIGHT_ADMIN_KEY, or from a file.`,
  },
  plugins: {
    summary: 'list the plugins that are installed',
    description: `Lists the plugins that the configuration names and those that are installed beside it: version, the
engine range that each was written for, what it does, which hooks it taps, and why it cannot be
used where it cannot. Exit code 1 where the configuration names one of those.`,
  },
  add: {
    summary: 'install a plugin and put it into the configuration',
    description: `Installs the package with the project's own package manager (npm, pnpm, yarn or bun), checks that it
is a plugin for this core, and writes its entry behind the others. Comments stay where they are.

Options that must be there are asked for at a terminal; elsewhere --set gives them. Secrets are
written as \${env:NAME}, never as they are. Where anything is wrong, the configuration stays as it was.`,
  },
  schema: {
    summary: 'write the JSON Schema of the configuration, for editors',
    description: `The schema knows the options of the plugins that the configuration names and of those that are
installed beside it. Editors find it by the first line of the YAML file:
# yaml-language-server: $schema=./gatewright.schema.json`,
  },
} as const;

export const EXAMPLES = {
  program: `Examples:
  gatewright start                     serve the configuration of this folder
  gatewright check --config deploy/    check the one in another folder
  gatewright explain --prompt 'Hi'     see what a request goes through
  gatewright <command> --help          more about a command`,
  start: `Examples:
  gatewright start
  gatewright start --config examples/quickstart/gatewright.yaml --port 8080
  gatewright start --host 0.0.0.0           reachable from other machines: add an auth plugin first`,
  check: `Examples:
  gatewright check
  gatewright check --json | jq '.problems[]'`,
  plan: `Examples:
  gatewright plan
  gatewright plan --against next.yaml       what a reload with next.yaml would change
  gatewright plan --running                 what a reload of the running gateway would change`,
  explain: `Examples:
  gatewright explain --model fast --prompt 'Why is the sky blue?'
  gatewright explain --key "$MY_KEY" --stream
  gatewright explain --body request.json --header 'x-team: blue' --json`,
  keys: `Examples:
  gatewright keys create --alias ci --team core --budget 10 --window 1mo
  gatewright keys list --team core
  gatewright keys rotate ci --grace 24h
  gatewright keys block ci --url https://gateway.internal`,
  plugins: `Examples:
  gatewright plugins
  gatewright plugins --json | jq '.plugins[] | select(.fault)'`,
  add: `Examples:
  gatewright add @acme/guard-acme
  gatewright add @acme/provider-acme@^2 --id acme-eu --set region=eu
  gatewright add ./plugins/house-auth.ts`,
  schema: `Examples:
  gatewright schema --out gatewright.schema.json`,
} as const;
