// Every state of the page in every window: SEMBLANCE_SOAK=1 makes them so many.
import './accessibility.test.ts';
