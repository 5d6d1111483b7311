-- description: One row per stock line with packs: its batch, expiry date, location, packs and value.
select
    store.store_code, item.item_code, stock_line.batch, stock_line.expiry_date,
    location.location, stock_line.pack_size, round(stock_line.packs, 6) as packs,
    round(stock_line.packs * stock_line.pack_size, 6) as quantity,
    round(stock_line.cost_price / stock_line.pack_size, 6) as cost_per_unit,
    round(stock_line.packs * stock_line.cost_price, 6) as value
from stock_line
join store using (store_key)
join item using (item_key)
left join marts.location as location using (location_id)
where round(stock_line.packs, 6) <> 0
order by store.store_code, item.item_code, stock_line.expiry_date, stock_line.batch,
    stock_line.stock_line_id
