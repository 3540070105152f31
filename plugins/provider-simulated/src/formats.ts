/** Texts of the formats that JSON Schema names (https://json-schema.org/draft/2020-12/json-schema-validation#section-7.3). */

const two = (n: number): string => String(n).padStart(2, '0');

const FORMATS: Readonly<Record<string, (nth: number) => string>> = {
  date: (nth) => `2026-01-${two(1 + (nth % 28))}`,
  time: (nth) => `${two(nth % 24)}:00:00Z`,
  'date-time': (nth) => `2026-01-15T${two(nth % 24)}:00:00Z`,
  duration: (nth) => `PT${nth + 1}H`,
  email: (nth) => (nth === 0 ? 'ada@example.com' : `ada+${nth}@example.com`),
  hostname: (nth) => (nth === 0 ? 'example.com' : `host-${nth}.example.com`),
  ipv4: (nth) => `192.0.2.${1 + (nth % 254)}`,
  ipv6: (nth) => `2001:db8::${nth + 1}`,
  uri: (nth) => (nth === 0 ? 'https://example.com/' : `https://example.com/${nth}`),
  uuid: (nth) => `9b2f6f1e-3c8a-4f5d-8e7b-${String(nth).padStart(12, '0')}`,
};

/** A text of the format, another for each `nth`; undefined where the format is not known. */
export function textOfFormat(format: string, nth: number): string | undefined {
  return Object.hasOwn(FORMATS, format) ? FORMATS[format]?.(nth) : undefined;
}
