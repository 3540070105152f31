/** What the tokens are for: all of Google Cloud that the account may use. */
export const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
