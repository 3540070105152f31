/** The neutral form of a request for images made from a text. */
import type { Rest } from '../chat/part.ts';

export interface ImagesRequest {
  /** The model as the client named it; the target's own name stands in the attempt. */
  readonly model: string;
  readonly prompt: string;
  readonly stream: boolean;
  /** How many images are wanted. Absent means one. */
  readonly count?: number;
  /** `1024x1024`, `auto`, as the dialect names it. */
  readonly size?: string;
  readonly quality?: string;
  /** Whether an address or the bytes are wanted. Absent means the provider's default. */
  readonly delivery?: 'url' | 'base64';
  /** What the bytes should be: `png`, `jpeg`, `webp`. */
  readonly format?: string;
  /** An id of the client's own end user, for abuse detection. */
  readonly endUser?: string;
  readonly rest?: Rest;
}
