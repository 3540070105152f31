/** How lerna writes CHANGELOGs: every commit of this repository is one sentence, and each is an entry. */
import angular from 'conventional-changelog-angular';

const preset = angular();

/** The whole first line is the subject: there are no types and scopes in front of it. */
export const parser = {
  headerPattern: /^(.*)$/,
  headerCorrespondence: ['subject'],
  noteKeywords: ['BREAKING CHANGE'],
};

export const commits = preset.commits;

export const writer = {
  ...preset.writer,
  transform(commit) {
    const subject = commit.subject ?? commit.header ?? '';
    // What lerna itself commits is no change.
    if (/^Release v?\d/.test(subject)) return undefined;
    const notes = commit.notes.map((note) => ({ ...note, title: 'Breaking changes' }));
    return {
      ...commit,
      notes,
      subject,
      type: 'Changes',
      scope: '',
      shortHash: commit.hash?.slice(0, 7),
      references: [],
    };
  },
};

/** Sentences do not tell a fix from a feature: whoever releases may say more than this with `lerna version minor`. */
export function whatBump(all) {
  const breaking = all.filter(({ notes }) => notes.length > 0).length;
  return { level: breaking > 0 ? 1 : 2, reason: `${breaking} of ${all.length} commits break something` };
}
