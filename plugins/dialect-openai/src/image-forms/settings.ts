/** The fields that requests for edits and for variations have in common. */
import type { ImagesRequest, JsonObject } from '@gatewright/core';
import { badRequest } from '../fault.ts';
import type { FormReader } from '../forms/form-reader.ts';
import type { Writable } from '../json-value.ts';

type Settings = Pick<ImagesRequest, 'count' | 'size' | 'quality' | 'format' | 'delivery' | 'endUser'>;

/** Throws `GW_BAD_REQUEST` with the field in `param`. */
export function readSettings(reader: FormReader): Settings {
  const settings: Writable<Settings> = {};
  const count = reader.integer('n', 1);
  if (count !== undefined) settings.count = count;
  const size = reader.text('size');
  if (size !== undefined) settings.size = size;
  const quality = reader.text('quality');
  if (quality !== undefined) settings.quality = quality;
  const format = reader.text('output_format');
  if (format !== undefined) settings.format = format;
  const user = reader.text('user');
  if (user !== undefined) settings.endUser = user;
  const delivery = reader.text('response_format');
  if (delivery === undefined) return settings;
  if (delivery !== 'url' && delivery !== 'b64_json') {
    throw badRequest('response_format', `must be "url" or "b64_json", not ${JSON.stringify(delivery)}`);
  }
  settings.delivery = delivery === 'url' ? 'url' : 'base64';
  return settings;
}

/** Writes them into the fields of a request. */
export function writeSettings(fields: JsonObject, settings: Settings): void {
  const { count, size, quality, format, delivery, endUser } = settings;
  if (count !== undefined) fields['n'] = count;
  if (size !== undefined) fields['size'] = size;
  if (quality !== undefined) fields['quality'] = quality;
  if (format !== undefined) fields['output_format'] = format;
  if (delivery !== undefined) fields['response_format'] = delivery === 'url' ? 'url' : 'b64_json';
  if (endUser !== undefined) fields['user'] = endUser;
}
