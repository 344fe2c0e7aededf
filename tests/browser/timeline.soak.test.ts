// The time line with the 100,000 images that the page is made for: SEMBLANCE_SOAK=1 makes the library so large.
import './timeline.test.ts';
