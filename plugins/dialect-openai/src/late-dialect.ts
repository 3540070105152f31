/** A dialect whose codec is loaded when it is first spoken: most gateways speak few of the API's operations. */
import { GatewayError, type Codec, type Dialect, type Operation } from '@gatewright/core';

/** The dialect, with the codec that `load` answers with. Asking for `codec` before that throws `GW_INTERNAL`. */
export function lateDialect<O extends Operation>(
  head: Omit<Dialect<O>, 'codec' | 'load'>,
  load: () => Promise<Codec<O>>,
): Dialect<O> {
  let codec: Codec<O> | undefined;
  let loading: Promise<void> | undefined;
  return {
    ...head,
    get codec(): Codec<O> {
      if (codec !== undefined) return codec;
      throw new GatewayError('GW_INTERNAL', `The codec of ${head.id} was asked for before it was loaded.`);
    },
    load: () => {
      if (codec !== undefined) return undefined;
      loading ??= load().then((loaded) => {
        codec = loaded;
      });
      return loading;
    },
  };
}
