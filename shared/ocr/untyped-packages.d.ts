/** The package ships no types of these. */
declare module 'opencc-js/dict/TSCharacters' {
  const characters: string;
  export default characters;
}
