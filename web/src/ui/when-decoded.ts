/**
 * Resolves when an image that was loaded can be drawn at once. Until then browsers show what lies behind it, which
 * must not change meanwhile.
 */
export async function whenDecoded(image: HTMLImageElement): Promise<void> {
  // It is rejected where the image was replaced or removed meanwhile: then nothing is drawn that could be seen.
  await image.decode().catch(() => undefined);
}
