/** Short sounds as WAV: 8-bit PCM, one channel (http://soundfile.sapp.org/doc/WaveFormat/). */

/** Samples a second. */
const RATE = 8_000;
/** The middle between the highest and the lowest sample. */
const SILENCE = 128;

/** A tone of so many hertz. */
export function wavOf(milliseconds: number, hertz: number): Buffer {
  const samples = Buffer.alloc(Math.round((milliseconds * RATE) / 1000), SILENCE);
  for (let at = 0; at < samples.length; at++) {
    samples[at] = SILENCE + Math.round(60 * Math.sin((2 * Math.PI * hertz * at) / RATE));
  }
  // A chunk has an even number of bytes; the one that fills it up is not counted.
  const padding = Buffer.alloc(samples.length % 2);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.length + padding.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  // Uncompressed, one channel.
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples, padding]);
}
