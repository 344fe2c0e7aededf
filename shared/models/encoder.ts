/**
 * Port: text and image into one space of unit vectors.
 * Adapters: CLIP and SigLIP by ONNX Runtime (onnx-encoder.ts) from the image layer, the model cache or the
 * bundled demo model; for texts also a thread that runs them (shared/search/text-thread.ts).
 */
export type TextModelInfo = {
  /** Registry name or `org/name@revision`. */
  readonly name: string;
  /** Short hex; differs when id, revision, dtype or preprocessing version differ. */
  readonly fingerprint: string;
  /** Components of a vector, read from the model. */
  readonly dimension: number;
  /** BCP 47 primary subtags that it knows, e.g. ['en']; ['*'] = most. */
  readonly languages: readonly string[];
};

/** A model of both text and images; its fingerprint names the collection. */
export type ModelInfo = TextModelInfo & {
  /** True for the bundled model, which knows drawn emoji only. */
  readonly demo: boolean;
  readonly input: PixelSpec;
};

/** How an image becomes the square that a vision tower takes. */
export type PixelSpec = {
  /** px. */
  readonly edge: number;
  /** crop: short edge to `edge`, centre crop (CLIP); fill: both edges, aspect ratio not kept (SigLIP). */
  readonly fit: 'crop' | 'fill';
  /** PIL's filters. */
  readonly resample: 'bicubic' | 'bilinear';
};

export type TextEmbedding = {
  /** Float32Array[dimension], unit length. */
  readonly vector: Float32Array;
  /** In how many parts the text was embedded: 1 unless it is longer than the model reads at once. */
  readonly parts: number;
};

export interface TextEncoder {
  readonly model: TextModelInfo;
  /**
   * Text is NFC-normalised and trimmed. One that is longer than the model reads at once is embedded in parts and
   * gets the mean of their vectors.
   * @throws empty_query when nothing is left after trimming
   */
  encodeText(text: string): Promise<TextEmbedding>;
}

export interface ImageEncoder {
  readonly model: ModelInfo;
  /**
   * Float32Array[dimension], unit length, of one image.
   * @param pixels RGB interleaved, edge × edge × 3, prepared by shared/images to `model.input`
   */
  encodePixels(pixels: Uint8Array | Uint8ClampedArray): Promise<Float32Array>;
}
