/** OpenAI's client decodes through the gateway what it decodes directly, from every recorded answer. */
import { testSameDialect } from './same-dialect.ts';

testSameDialect('openai-chat');
