;; Estimates of the dot products of one query with rows of a matrix, in 8-bit integers. Query components are
;; −127…127; row components are stored as 1…127, which stands for −63…63, so a row's sum is 64 · Σ query too large.
;; Rows and query start at multiples of 64 bytes and are padded to one, so there is no tail.
;; `(DOT $sum n)` adds sixteen products, n bytes further on, to four sums; scripts/build-kernels.ts writes it out.
(module
  (import "host" "memory" (memory 1 65536 shared))
  (func (export "scan")
    (param $query i32)   ;; byte offset of the query
    (param $rows i32)    ;; byte offset of row 0
    (param $stride i32)  ;; bytes a row, a multiple of 64
    (param $scales i32)  ;; byte offset of f32 scales, one for each row
    (param $list i32)    ;; byte offset of u32 row numbers; 0: row i is number i
    (param $scores i32)  ;; byte offset of f32 results, one for each i
    (param $i i32)       ;; first i, and the one after the last
    (param $to i32)
    (param $factor f32)  ;; scale of the query
    (param $excess i32)  ;; 64 · Σ query
    (local $number i32) (local $row i32) (local $at i32) (local $end i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $query) (local.get $stride)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $to)))
        (local.set $number (local.get $i))
        (if (local.get $list)
          (then (local.set $number
            (i32.load (i32.add (local.get $list) (i32.shl (local.get $i) (i32.const 2)))))))
        (local.set $row
          (i32.add (local.get $rows) (i32.mul (local.get $number) (local.get $stride))))
        (local.set $at (local.get $query))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (local.set $d (local.get $a))
        (loop $sum
          (DOT $a 0)
          (DOT $b 16)
          (DOT $c 32)
          (DOT $d 48)
          (local.set $at (i32.add (local.get $at) (i32.const 64)))
          (local.set $row (i32.add (local.get $row) (i32.const 64)))
          (br_if $sum (i32.lt_u (local.get $at) (local.get $end))))
        (local.set $a (i32x4.add
          (i32x4.add (local.get $a) (local.get $b))
          (i32x4.add (local.get $c) (local.get $d))))
        (f32.store (i32.add (local.get $scores) (i32.shl (local.get $i) (i32.const 2)))
          (f32.mul
            (f32.mul
              (f32.load (i32.add (local.get $scales) (i32.shl (local.get $number) (i32.const 2))))
              (local.get $factor))
            (f32.convert_i32_s (i32.sub
              (i32.add
                (i32.add (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
                (i32.add (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a))))
              (local.get $excess)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))
