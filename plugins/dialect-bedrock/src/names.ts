/** The name that this plugin's dialect goes by. */

/** Chats, and the origin of everything that only this dialect can say. */
export const CONVERSE = 'bedrock-converse';
