/**
 * Texts of signs, screens and papers that no search of texts.json is after, the same on every run: frames filled
 * with words, many of which stand in those searches too.
 */
const FRAMES: readonly (readonly [frame: string, ...slots: readonly string[][]])[] = [
  [
    '{} {}\n{} {}',
    ['Bolt', 'Cotton', 'Maple', 'River', 'Silver', 'Golden', 'North', 'Harbour', 'Lemon', 'Willow'],
    ['Hotel', 'Motors', 'Textiles', 'Brewery', 'Optics', 'Hardware', 'Cycles', 'Records'],
    ['est.', 'since', 'No.'],
    ['1921', '1987', '2003', '12', '48'],
  ],
  [
    '{}\n{} {}\n{} {}',
    ['Lunch menu', 'Today', 'From the oven', 'To share', 'Set menu'],
    ['Tomato salad', 'Mushroom risotto', 'Beef burger', 'Lentil stew', 'Onion rings', 'Duck breast'],
    ['9.50', '11.00', '14.80', '7.20'],
    ['Sparkling water', 'House wine', 'Lemonade', 'Ginger beer'],
    ['2.50', '3.00', '4.20', '5.60'],
  ],
  [
    '{} {} {}\n{}',
    ['Platform', 'Gate', 'Room', 'Floor', 'Seat', 'Track', 'Lane'],
    ['1', '3', '7', '11', '14B', '22'],
    ['departs 09:10', 'closed until 6 pm', 'to the left', 'via Central', 'boarding', 'on time'],
    ['Have your ticket ready', 'Luggage lockers', 'Ask the staff', 'Way out', 'All passengers'],
  ],
  [
    '{}: {}\n{}: {}',
    ['Anna', 'Tom', 'Lily', 'Dad', 'Boss', 'Priya'],
    [
      'are you there?',
      'see you at the game',
      'the keys are on the table',
      'what a day',
      'call me later',
      'ok, thanks',
    ],
    ['Me', 'Ben', 'Zoe'],
    ['on my way', 'ha ha', 'not today', 'sent you the photos', 'wait for me', 'sure, at eight'],
  ],
  [
    '{} {}\n{}',
    ['Save', 'Delete', 'Share', 'Export', 'Rename', 'Print', 'Upload', 'Sync'],
    ['this file?', 'all changes', 'the selected items', 'to a new folder', 'your project', 'contacts'],
    ['Cancel  OK', 'Yes  No', 'Learn more', 'Settings', 'This can not be undone'],
  ],
  [
    '{} vs {}\n{} : {}\n{}',
    ['Rovers', 'United', 'Lions', 'Eagles', 'Bears', 'Sharks'],
    ['City', 'Wanderers', 'Tigers', 'Wolves', 'Hawks', 'Bulls'],
    ['0', '1', '2', '3'],
    ['0', '1', '2', '4'],
    ['half time', 'final score', 'extra time', 'cup match', 'season opener'],
  ],
  [
    '{} {}\n{} {}',
    ['Chapter', 'Lesson', 'Volume', 'Part', 'Unit'],
    ['One', 'Two', '3', '4', 'IX', '12'],
    [
      'The Long Winter',
      'A Short History of Glass',
      'Rivers and Hills',
      'The Night Watch',
      'Light and Shadow',
    ],
    ['by R. Okafor', 'by M. Lindqvist', 'second edition', 'with 40 maps', 'for young readers'],
  ],
  [
    '{} {} {}\n{}',
    ['Whole', 'Roasted', 'Dried', 'Crunchy', 'Mild', 'Extra'],
    ['almonds', 'oats', 'rice', 'peanuts', 'seaweed', 'mustard', 'soap', 'candles'],
    ['250 g', '500 ml', '1 kg', '6 pack'],
    ['best before 11/25', 'store in a cool place', 'made in Portugal', 'contains nuts', 'no added sugar'],
  ],
  [
    '{} {}\n{}',
    ['Museum of', 'School of', 'Institute for', 'House of', 'Centre for'],
    ['Modern Art', 'Dance', 'Marine Research', 'Glass', 'Photography', 'Languages'],
    ['open Thursday to Sunday', 'entrance on the left', 'ring the bell', 'lectures at 7 pm', 'guided tours'],
  ],
  [
    '{} {}, {}\n{}',
    ['Elm', 'Church', 'Station', 'Mill', 'King', 'Park'],
    ['Street', 'Road', 'Lane', 'Avenue', 'Square'],
    ['14', '27', '103', '5 to 19'],
    ['one way', 'residents only', 'turn right', 'town centre', 'no entry for lorries'],
  ],
  [
    '{}\n{} {}',
    ['Weather', 'Traffic', 'Exchange rates', 'News', 'Steps', 'Sleep'],
    ['14°', '21°', '0.92', '7,532', '6 h 40', '3 alerts'],
    ['sunny', 'light rain', 'up 2%', 'goal reached', 'last update 12:04', 'heavy on the ring road'],
  ],
  [
    '{} {}\n{} {}',
    ['Dog', 'Bird', 'Rose', 'Car', 'Boat', 'Stamp', 'Toy', 'Camera'],
    ['show', 'fair', 'auction', 'exhibition', 'swap'],
    ['4 May', '12 June', '20 September', 'Saturday', 'Easter Monday'],
    ['hall B', 'at the old mill', 'free parking', 'tickets 8', 'from 10 to 16 h'],
  ],
  [
    '{}{}\n{}',
    ['阳光', '金鼎', '老街', '江南', '百味', '东方', '小城', '云海'],
    ['五金店', '眼镜店', '理发店', '干洗店', '钟表行', '文具店', '照相馆', '茶庄'],
    ['电话 62018890', '二楼左转', '正在装修', '会员有礼', '周末照常', '配钥匙 修锁'],
  ],
  [
    '{} {}\n{} {}\n{} {}',
    ['酸辣土豆丝', '回锅肉', '麻婆豆腐', '葱油拌面', '小笼包', '鱼香肉丝'],
    ['18', '22', '36', '12'],
    ['冬瓜汤', '凉拌木耳', '蛋炒饭', '皮蛋粥', '酸梅汤'],
    ['8', '10', '15', '6'],
    ['打包盒', '茶位', '啤酒', '可乐'],
    ['1', '2', '5', '4'],
  ],
  [
    '{}\n{}',
    ['出口', '入口', '换乘', '售票处', '候车室', '问询处', '服务中心', '安检'],
    ['A口 人民路', '请出示证件', '由此向右', '开往南京', '10号柜台', '请自觉维护秩序', '大件行李通道'],
  ],
  [
    '{}：{}\n{}：{}',
    ['小王', '爸爸', '李姐', '班长', '阿明', '经理'],
    ['到哪儿了', '晚上一起打球', '作业发群里了', '把钥匙放门口', '明天见', '文件收到'],
    ['我', '老张', '小雨'],
    ['马上到', '哈哈哈', '好的谢谢', '路上堵车', '今天不行', '等我一下'],
  ],
  [
    '{}{}\n{}',
    ['保存', '删除', '分享', '导出', '重命名', '打印', '上传', '同步'],
    ['当前文件', '所有修改', '选中项目', '通讯录', '相册', '聊天背景'],
    ['取消 确定', '是 否', '了解更多', '设置', '此操作不能撤销'],
  ],
  [
    '{}{}\n{} {}',
    ['第三届', '春季', '社区', '市民', '青少年', '亚洲'],
    ['书法展', '马拉松', '篮球赛', '摄影展', '花卉展', '歌唱比赛'],
    ['5月4日', '周六下午', '10月12日', '寒假期间'],
    ['体育馆', '文化宫', '报名从速', '凭票入场', '中心广场'],
  ],
  [
    '{}{}\n{}',
    ['特级', '手工', '原味', '低糖', '有机', '农家'],
    ['大米', '花生油', '酱油', '红枣', '绿茶', '米醋', '香皂', '蜡烛'],
    ['净含量 500克', '保质期12个月', '阴凉干燥处存放', '产地 福建', '开袋即食'],
  ],
  [
    '{}{} {}\n{}',
    ['解放', '中山', '建设', '文化', '长江', '和平'],
    ['路', '街', '大道', '巷'],
    ['14号', '27号', '103弄', '5栋'],
    ['单行线', '限业主车辆', '前方右转', '学校区域', '货车禁行'],
  ],
  [
    '{}{}\n{}',
    ['臺北', '高雄', '新竹', '花蓮', '老鎮', '金門'],
    ['書店', '眼鏡行', '腳踏車店', '藥局', '豆漿店', '照相館'],
    ['週日公休', '歡迎參觀', '電話預約', '二樓營業', '機車請勿進入', '現金交易'],
  ],
  [
    '{}\n{} {}',
    ['天气', '汇率', '新闻', '步数', '睡眠', '路况'],
    ['14°', '21°', '7.18', '7532步', '6小时40分', '3条提醒'],
    ['多云', '小雨', '上涨2%', '目标完成', '更新于12:04', '环线拥堵'],
  ],
  [
    '{}{}\n{}',
    ['语文', '物理', '历史', '英语', '地理', '美术'],
    ['作业', '笔记', '测验', '课表', '复习提纲'],
    ['第四单元', '高一三班', '下周一交', '及格 86分', '背诵课文'],
  ],
  [
    '{} {} {} {} {}.',
    ['I', 'We', 'They', 'My friends'],
    ['would like to', 'want to', 'have to', 'can not', 'used to'],
    ['take', 'leave', 'find', 'wait for', 'look at', 'ask for'],
    ['the bus', 'a new phone', 'your book', 'the next train', 'the right room', 'a good place to eat'],
    [
      'before dinner',
      'this weekend',
      'every day',
      'at night',
      'if it rains',
      'after the meeting',
      'in the library',
    ],
  ],
  [
    '{} {} {} {}.',
    ['Please', 'Could you', 'Do not', 'You must not'],
    ['tell me about', 'open', 'close', 'bring', 'forget', 'touch'],
    ['the door', 'the window', 'your key', 'the time', 'a drink', 'the wall of the house', 'my free card'],
    ['here', 'now', 'on Friday', 'when you come home', 'with care', 'to get on the train'],
  ],
  [
    '{} {} {} {}?',
    ['What time', 'When', 'Where', 'How', 'Why'],
    ['does the shop', 'is the food', 'do the trains', 'did the dog', 'was the party', 'can the children'],
    ['open', 'cost so much', 'run', 'sleep', 'begin', 'stop'],
    ['today', 'in summer', 'near the school', 'on Sunday', 'for one week', 'at the start of the month'],
  ],
  [
    'There is {} {} {} the {}, {}.',
    ['no', 'a', 'one', 'only one'],
    ['food', 'water', 'place to sit', 'sign', 'fire', 'box', 'lift', 'book'],
    ['in', 'on', 'under', 'near'],
    ['house', 'table', 'road', 'stairs', 'river', 'school', 'station'],
    ['so be careful', 'as usual', 'and it is free', 'I was told', 'please watch your step'],
  ],
  [
    '我{}{}{}{}。',
    ['想', '要', '不能', '必须', '没有'],
    ['坐', '等', '找', '买', '看', '问'],
    ['公共汽车', '新手机', '你的书', '下一班火车', '那间房间', '好吃的饭馆'],
    ['再回家', '才放心', '就好了', '以后告诉你', '因为下雨'],
  ],
  [
    '{}{}，{}',
    ['请不要', '请告诉我', '请帮我', '记得', '不许'],
    ['关门', '打开窗户', '带钥匙', '车站在哪里', '几点了', '在这里等', '碰墙上的东西'],
    ['好吗', '谢谢', '小心一点', '今天有人要来', '马上就走'],
  ],
  [
    '{}{}{}，{}。',
    ['昨天', '今天', '明天', '周末', '晚上'],
    ['我们', '他们', '妈妈', '老师', '小孩'],
    ['去图书馆', '在家吃饭', '开会', '上学', '去看电影', '坐地铁'],
    ['因为下雨', '人很多', '很开心', '忘了时间', '不要钱', '学校附近'],
  ],
];

/** A multiplicative generator (Park and Miller): quick, and the same everywhere. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** `count` different texts. */
export function distractors(count: number): string[] {
  const random = randomOf(20_261);
  const texts = new Set<string>();
  while (texts.size < count) {
    const [frame, ...slots] = FRAMES[random(FRAMES.length)]!;
    const words = slots.map(slot => slot[random(slot.length)] ?? '');
    texts.add(frame.replace(/\{\}/g, () => words.shift() ?? ''));
  }
  return [...texts];
}
