/** Pixels to read words off. */
export type RgbImage = {
  /** RGB, interleaved, upright: Uint8Array[width × height × 3]. */
  readonly data: Uint8Array;
  /** px. */
  readonly width: number;
  readonly height: number;
};

/** Part of an image, px. */
export type Area = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};
