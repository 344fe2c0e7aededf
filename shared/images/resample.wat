;; The two passes of a separable resize of RGB bytes, with PIL's 22-bit weights.
;; A weight is split as w = high * 2048 + low, so that exact sums come from products of 16 bits:
;; sum(p * w) = sum(p * high) * 2048 + sum(p * low). Weights come in pairs of taps,
;; 8 bytes each: high0 high1 low0 low1, i16; an odd last tap is paired with a weight of 0.
(module
  (import "host" "memory" (memory 1))

  ;; One row across: `width` outputs of 3 bytes.
  (func (export "across")
    (param $source i32)   ;; byte offset of the row
    (param $out i32)      ;; byte offset of the result; one byte more than 3 * width is written
    (param $taps i32)     ;; per output: i32 byte offset of its first input, i32 pairs of taps
    (param $weights i32)  ;; pairs of taps, output after output
    (param $width i32)
    (local $at i32) (local $end i32)
    (local $bytes v128) (local $high v128) (local $low v128)
    (loop $pixel
      (local.set $at (i32.add (local.get $source) (i32.load (local.get $taps))))
      (local.set $end (i32.add (local.get $weights) (i32.shl (i32.load offset=4 (local.get $taps)) (i32.const 3))))
      (local.set $high (v128.const i32x4 0 0 0 0))
      (local.set $low (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
      (loop $pair
        ;; r0 r1 g0 g1 b0 b1 as i16
        (local.set $bytes (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
          (v128.load64_zero (local.get $at)) (v128.const i32x4 0 0 0 0)))
        (local.set $high (i32x4.add (local.get $high)
          (i32x4.dot_i16x8_s (local.get $bytes) (v128.load32_splat (local.get $weights)))))
        (local.set $low (i32x4.add (local.get $low)
          (i32x4.dot_i16x8_s (local.get $bytes) (v128.load32_splat offset=4 (local.get $weights)))))
        (local.set $at (i32.add (local.get $at) (i32.const 6)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 8)))
        (br_if $pair (i32.lt_u (local.get $weights) (local.get $end))))
      (local.set $high (i32x4.shr_s
        (i32x4.add (i32x4.shl (local.get $high) (i32.const 11)) (local.get $low)) (i32.const 22)))
      (local.set $high (i16x8.narrow_i32x4_s (local.get $high) (local.get $high)))
      (v128.store32_lane 0 (local.get $out) (i8x16.narrow_i16x8_u (local.get $high) (local.get $high)))
      (local.set $out (i32.add (local.get $out) (i32.const 3)))
      (local.set $taps (i32.add (local.get $taps) (i32.const 8)))
      (local.set $width (i32.sub (local.get $width) (i32.const 1)))
      (br_if $pixel (local.get $width))))

  ;; One row down: `stride` bytes, a multiple of 8.
  (func (export "down")
    (param $source i32)   ;; byte offset of the first row that counts
    (param $stride i32)   ;; bytes from row to row
    (param $out i32)
    (param $weights i32)
    (param $pairs i32)
    (local $column i32) (local $at i32) (local $weight i32) (local $end i32)
    (local $a v128) (local $b v128) (local $pair v128)
    (local $high0 v128) (local $low0 v128) (local $high1 v128) (local $low1 v128)
    (local.set $end (i32.add (local.get $weights) (i32.shl (local.get $pairs) (i32.const 3))))
    (loop $block
      (local.set $at (i32.add (local.get $source) (local.get $column)))
      (local.set $weight (local.get $weights))
      (local.set $high0 (v128.const i32x4 0 0 0 0))
      (local.set $high1 (v128.const i32x4 0 0 0 0))
      (local.set $low0 (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
      (local.set $low1 (local.get $low0))
      (loop $taps
        (local.set $a (v128.load8x8_u (local.get $at)))
        (local.set $b (v128.load8x8_u (i32.add (local.get $at) (local.get $stride))))
        (local.set $pair (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $a) (local.get $b)))
        (local.set $high0 (i32x4.add (local.get $high0)
          (i32x4.dot_i16x8_s (local.get $pair) (v128.load32_splat (local.get $weight)))))
        (local.set $low0 (i32x4.add (local.get $low0)
          (i32x4.dot_i16x8_s (local.get $pair) (v128.load32_splat offset=4 (local.get $weight)))))
        (local.set $pair (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $a) (local.get $b)))
        (local.set $high1 (i32x4.add (local.get $high1)
          (i32x4.dot_i16x8_s (local.get $pair) (v128.load32_splat (local.get $weight)))))
        (local.set $low1 (i32x4.add (local.get $low1)
          (i32x4.dot_i16x8_s (local.get $pair) (v128.load32_splat offset=4 (local.get $weight)))))
        (local.set $at (i32.add (local.get $at) (i32.shl (local.get $stride) (i32.const 1))))
        (local.set $weight (i32.add (local.get $weight) (i32.const 8)))
        (br_if $taps (i32.lt_u (local.get $weight) (local.get $end))))
      (local.set $a (i16x8.narrow_i32x4_s
        (i32x4.shr_s (i32x4.add (i32x4.shl (local.get $high0) (i32.const 11)) (local.get $low0)) (i32.const 22))
        (i32x4.shr_s (i32x4.add (i32x4.shl (local.get $high1) (i32.const 11)) (local.get $low1)) (i32.const 22))))
      (v128.store64_lane 0 (i32.add (local.get $out) (local.get $column))
        (i8x16.narrow_i16x8_u (local.get $a) (local.get $a)))
      (local.set $column (i32.add (local.get $column) (i32.const 8)))
      (br_if $block (i32.lt_u (local.get $column) (local.get $stride))))))
