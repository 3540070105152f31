/** The configuration of the gateways that are tested: one budget, and everything that has to be shared to hold it. */
export interface Setting {
  readonly workers?: number;
  /** The provider's base URL. */
  readonly provider: string;
  /** Dollars. */
  readonly budget?: string;
  /** More plugins, and fields of the top. */
  readonly plugins?: string;
  readonly top?: string;
  readonly models?: string;
}

export function configuration(setting: Setting): string {
  const { workers = 2, provider, budget = '1000', plugins = '', top = '', models = '' } = setting;
  return `workers: ${workers}
retries: 0
${top}
plugins:
  - use: '@gatewright/dialect-openai'
  - { use: '@gatewright/provider-openai', with: { apiKey: none-needed, baseUrl: '${provider}' } }
  - { use: '@gatewright/prices', with: { overrides: [{ model: metered, input: '10', output: '100' }] } }
  - { use: '@gatewright/store-sqlite', with: { path: records.db } }
  - { use: '@gatewright/state-memory', with: { lease: 3000 } }
  - { use: '@gatewright/budgets', with: { budgets: [{ per: global, limit: '${budget}', window: total }] } }
  - { use: '@gatewright/usage', with: { orphanInterval: 200 } }
  - { use: '@gatewright/metrics-prometheus', with: { process: false } }
  - use: ./look.ts
${plugins}
models:
  metered: { targets: [openai/metered] }
${models}
`;
}
