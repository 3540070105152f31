/** The id of the Responses dialect, as it stands in `origin`, `rest` and `raw` of what this codec decodes. */
export const RESPONSES = 'openai-responses';
/** The same API, asked for what it keeps. */
export const KEPT = 'openai-responses-kept';
