/**
 * Weights are copied into the layout that the kernels want when a session is opened. Allocated apart from the arena of
 * the runs, the originals go back to the system: 20 MB less for B/32, and 30 MB less where words are read
 * (https://onnxruntime.ai/docs/get-started/with-c.html, "use_device_allocator_for_initializers").
 */
export const WEIGHTS_APART = { use_device_allocator_for_initializers: '1' } as const;
