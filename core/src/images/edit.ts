/** The neutral form of requests for images made from other images. The answer is that of `images`. */
import type { FormFile } from '../form/file.ts';
import type { ImagesRequest } from './request.ts';

export interface ImageEditRequest extends ImagesRequest {
  /** What is to be edited; none where the dialect names them by their addresses. Their bytes stay with the exchange. */
  readonly images: readonly FormFile[];
  /** Where it is transparent, the first image is to be edited. */
  readonly mask?: FormFile;
}

export interface ImageVariationRequest extends Omit<ImagesRequest, 'prompt'> {
  readonly image: FormFile;
}
