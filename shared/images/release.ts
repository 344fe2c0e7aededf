/**
 * Gives memory back at once that V8 would keep until it marks the whole heap: buffers of native code outlive its
 * collections of young objects. The array is empty afterwards. One that is part of a larger buffer is left alone.
 */
export function release(data: Uint8Array): void {
  if (data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength)
    data.buffer.transfer(0);
}
