/** The quantization that is used throughout: int8 weights, the files that end in `_quantized.onnx`. */
export const DTYPE = 'q8';

export const TEXT_TOWER = 'onnx/text_model_quantized.onnx';
export const VISION_TOWER = 'onnx/vision_model_quantized.onnx';
export const WORDS_TOWER = 'onnx/model_quantized.onnx';
