/** `gatewright explain`: one request, dry, with what every plugin makes of it. */
import type { Trace } from '../trace.ts';
import { explanationOf } from './explain/explanation.ts';
import { explanationPage } from './explain/page.ts';
import { requestOf, type RequestOptions } from './explain/request.ts';
import { inspect } from './inspection.ts';
import { colorsFor, widthOf, type Terminal } from './terminal.ts';

export interface ExplainOptions extends RequestOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** Resolves with the exit code, which is 0 also where the gateway would refuse the request: that is explained as well. Rejects where it does not boot. */
export async function explain(options: ExplainOptions, terminal: Terminal): Promise<number> {
  const { out, env, cwd } = terminal;
  const { config, json = false } = options;
  const explanation = await inspect({ config, dry: 'ready' }, terminal, async (gateway) => {
    const asked = requestOf(gateway.kernel, options, cwd);
    const trace: Trace = { steps: [] };
    const response = await gateway.explain(
      {
        method: asked.surface.method,
        url: asked.path,
        headers: asked.headers,
        ...(asked.body !== undefined && { payload: asked.body }),
      },
      trace,
    );
    return explanationOf(gateway.kernel, asked, trace, response);
  });
  const page = { colors: colorsFor(out, env), width: widthOf(out) };
  out.write(`${json ? JSON.stringify(explanation, undefined, 2) : explanationPage(explanation, page)}\n`);
  if (explanation.reply?.status === 401 && options.key === undefined && !json) {
    out.write('\n  To ask with a key, as its owner: gatewright explain --key …\n');
  }
  return 0;
}
