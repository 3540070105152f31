/** The id of the chat dialect, as it stands in `origin`, `rest` and `raw` of what this codec decodes. */
export const DIALECT = 'openai-chat';
